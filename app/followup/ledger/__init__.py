"""居住サポート住宅の帳簿: its six items per household and business year, as Excel and on A4."""
