"""Whose paper it is: what stands at the edge of every printed sheet."""

SHEET = {
    "organisation": "見本市 自立相談支援",
    "made_on": "2026年11月21日",
    "contact": "見本市 自立相談支援　046-000-0000（平日 8:30–17:15）",
}
