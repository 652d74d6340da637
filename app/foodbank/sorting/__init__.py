"""仕分け・シール・管理簿: what people on a work programme do, without a word about anybody."""
