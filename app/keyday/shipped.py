"""The template every organisation starts with: what has to be thought of around the keys.

Days counted from law carry their article. `certain` is True only where the limit was confirmed;
everything else reads 要確認, as municipalities ask for different papers. Sources: 住民基本台帳法
22条・23条, 国民健康保険法9条と施行規則, 介護保険法の届出 and 児童手当法 (fourteen or fifteen
days as commonly told, to be confirmed), 出入国管理及び難民認定法19条の9, 生活保護法37条の2.
"""

from dataclasses import dataclass

from app.keyday.codes import Applies, CountedFrom, Doer

KEYS, MOVE_IN = CountedFrom.KEYS, CountedFrom.MOVE_IN

# Lines beside which the machine says what it sees.
PARCEL, GAS, FIRST_CHECK_IN = "parcel", "gas", "first_check_in"
BEDDING, CURTAINS, KITCHEN = "bedding", "curtains", "kitchen"


@dataclass(frozen=True)
class Line:
    """One line of a template, shipped or an organisation's own."""

    code: str
    title: str
    explanation: str
    counted_from: CountedFrom
    offset_days: int
    doer: Doer
    applies: Applies = Applies.ALWAYS
    basis: str | None = None
    certain: bool = False
    partner_name: str | None = None


SHIPPED: tuple[Line, ...] = (
    Line("insurance", "火災保険に入る", "鍵をもらう前に入ります。保険証券の写しを貸主に渡します。",
         KEYS, -3, Doer.HOUSING),
    Line("proxy_payment", "家賃の代理納付を福祉事務所に頼む",
         "家賃が福祉事務所から貸主へ直接払われるようにします。契約書の写しを持って行きます。",
         KEYS, -7, Doer.CONSULTANT, Applies.WELFARE, "生活保護法37条の2"),
    Line("electricity", "電気を申し込む",
         "電話かインターネットで申し込みます。使い始める日を伝えます。",
         KEYS, -5, Doer.HOUSEHOLD),
    Line("water", "水道を申し込む", "水道の営業所に電話します。使い始める日を伝えます。",
         KEYS, -5, Doer.HOUSEHOLD),
    Line("gas_booking", "ガスを開ける日を予約する",
         "ガスは係の人が来て開けます。部屋にいられる日と時間を予約し、だれが立ち会うかを決めます。",
         KEYS, -5, Doer.HOUSEHOLD),
    Line(BEDDING, "布団を用意する", "最初の夜に使います。鍵の日に部屋へ運べるようにします。",
         KEYS, -2, Doer.HOUSING),
    Line(CURTAINS, "カーテンと部屋の明かりを用意する",
         "明かりのない部屋があります。内見のときに測った窓の大きさを確かめます。",
         KEYS, -2, Doer.HOUSING),
    Line(KITCHEN, "台所の道具を用意する", "なべ、皿、はし、コップ、やかん。人数分をそろえます。",
         KEYS, -2, Doer.FOODBANK),
    Line("shielding", "住民票の支援措置を申し出る",
         "転入届より先に、警察や相談の窓口で話してから市役所に申し出ます。順番が大切です。",
         KEYS, -2, Doer.CONSULTANT, Applies.PROTECTED, "住民基本台帳事務処理要領（支援措置）"),
    Line("emergency_contact", "緊急のときの連絡先を書いておく",
         "家族・知人・支援者の電話番号を一枚に書き、部屋に置きます。",
         KEYS, -1, Doer.HOUSEHOLD),
    Line("keys", "鍵を受け取る", "身分証を持って行きます。鍵の本数を数えます。",
         KEYS, 0, Doer.HOUSEHOLD),
    Line("room_check", "部屋の傷や汚れを写真に残す",
         "荷物を入れる前に撮ります。水・お湯・トイレ・鍵・窓も確かめます。",
         KEYS, 0, Doer.HOUSING),
    Line(PARCEL, "最初の夜の食べものを届ける",
         "ガスがまだなくても食べられるものを、鍵の日に間に合わせます。",
         KEYS, 0, Doer.FOODBANK),
    Line(GAS, "ガスを開けてもらう",
         "係の人が来ている間、部屋にいる人が要ります。使い方の説明も受けます。",
         KEYS, 0, Doer.HOUSEHOLD),
    Line("garbage", "ごみの出し方を確かめ、近所にあいさつする",
         "曜日と場所を紙に書いて貼ります。上下と両どなりにひとことあいさつします。",
         MOVE_IN, 1, Doer.HOUSING),
    Line(FIRST_CHECK_IN, "最初の見守りをする", "困っていることがないか、会って聞きます。",
         MOVE_IN, 1, Doer.FOLLOWUP),
    Line("post", "郵便の転送を頼む",
         "郵便局の窓口かインターネットで、前の住所からの転送を頼みます。",
         MOVE_IN, 1, Doer.HOUSEHOLD, Applies.NOT_PROTECTED),
    Line("post_advice", "郵便の転送は、相談してから決める",
         "前の住所とのつながりから居場所が知られることがあります。担当と話すまで頼みません。",
         MOVE_IN, 1, Doer.CONSULTANT, Applies.PROTECTED),
    Line("school", "学校を移る手続きをする",
         "前の学校の書類を持って、教育委員会と新しい学校に行きます。学用品や給食費も聞きます。",
         MOVE_IN, 3, Doer.HOUSEHOLD, Applies.SCHOOL_CHILD, "学校教育法施行令"),
    Line("address", "転入届・転居届を出す",
         "市役所に、引っ越しから14日以内に出します。ほかの市から来たときは転出証明書が要ります。",
         MOVE_IN, 14, Doer.HOUSEHOLD, basis="住民基本台帳法22条・23条", certain=True),
    Line("national_insurance", "国民健康保険の届けを出す",
         "住所の届けと同じ日に、市役所で出します。14日以内です。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.NATIONAL_INSURANCE, "国民健康保険法9条・施行規則"),
    Line("care_insurance", "介護保険の届けを出す",
         "前の市の受給資格証明書を、14日以内に出します。続けて介護のサービスを使えます。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.ELDER, "介護保険法12条・36条"),
    Line("child_allowance", "児童手当の届けを出す",
         "ほかの市から来たときは、引っ越しの次の日から15日以内に申し込みます。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.CHILD, "児童手当法7条・8条"),
    Line("infant", "乳幼児の健診と予防接種を引き継ぐ",
         "母子手帳を持って保健センターに行きます。医療証の届けも出します。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.INFANT),
    Line("residence_card", "在留カードの住所を変える",
         "家族全員のカードを持って、14日以内に市役所へ。住所の届けと一緒にできます。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.FOREIGNER, "出入国管理及び難民認定法19条の9"),
    Line("pet", "飼い犬・ペットの届けと決まりを確かめる",
         "犬は市役所に登録の変更を出します（30日以内）。部屋の決まりも読み直します。",
         MOVE_IN, 14, Doer.HOUSEHOLD, Applies.PET, "狂犬病予防法4条"),
    Line("rent", "家賃の最初の支払い日を確かめる",
         "いつ、どこに、いくら払うかを書きます。引き落としなら口座の手続きをします。",
         MOVE_IN, 7, Doer.HOUSEHOLD),
)  # fmt: skip
