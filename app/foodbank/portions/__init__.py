"""お渡しのとき、品ごとに全部・一部・渡さないを選ぶ: with why, and how what stays looks."""
