"""Who gives food, on what terms and in which drive; thanks, wishes and figures."""
