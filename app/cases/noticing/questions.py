"""The questions of the noticing chart, in words that can be read out at any counter."""

from enum import StrEnum


class Question(StrEnum):
    ROOF = "roof"
    RENT = "rent"
    FOOD = "food"
    MONEY = "money"
    DEBT = "debt"
    WORK = "work"
    BODY = "body"
    MIND = "mind"
    ALONE = "alone"
    FAMILY = "family"
    CHILD = "child"
    CARE = "care"
    PAPERS = "papers"


QUESTION_LABELS = {
    Question.ROOF: "今夜や来月、寝る所がなくなる心配がありますか",
    Question.RENT: "家賃やローンの支払いが遅れていますか",
    Question.FOOD: "お金がなくて、食事を抜いた日がありますか",
    Question.MONEY: "給料日や年金の前に、お金が足りなくなりますか",
    Question.DEBT: "返すのが苦しい借金や、払えない税金がありますか",
    Question.WORK: "仕事が見つからない、または続かないことに困っていますか",
    Question.BODY: "体の具合が悪いのに、病院に行けていませんか",
    Question.MIND: "眠れない、気持ちが沈む日が続いていますか",
    Question.ALONE: "困ったときに話せる人が、近くにいませんか",
    Question.FAMILY: "家の中で、こわい思いやつらい思いをしていますか",
    Question.CHILD: "子どもの学校や育てることで、心配がありますか",
    Question.CARE: "家族の介護や世話で、疲れていますか",
    Question.PAPERS: "書類を読んだり、手続きをしたりするのがむずかしいですか",
}


class Answer(StrEnum):
    YES = "yes"
    SOMETIMES = "sometimes"
    NO = "no"


ANSWER_LABELS = {
    Answer.YES: "はい",
    Answer.SOMETIMES: "ときどき・すこし",
    Answer.NO: "いいえ・話していない",
}
