"""安否の知らせ: devices, their signals, and days on which somebody was known to be safe."""
