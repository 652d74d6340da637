"""The directory as Open Referral HSDS 3.0 tables (docs.openreferral.org): a zip of CSV files.

`columns` names the files and what of ours stands where, `writing` makes the zip, `reading` turns
one back into values, `taking` shows what would become of them and takes them in.
"""
