"""プラン兼事業等利用申込書: what a household and we agree to do, decided on by the meeting."""
