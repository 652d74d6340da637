"""What is measured in an empty home; pages and API load the same."""

from app.forms import BaseSchema, Whole, YesNo
from app.goods.fields import cm
from app.goods.items.schemas import VERSION


class MeasuresSchema(BaseSchema):
    """The way in and the spaces, in cm. What is left blank is not known."""

    version = Whole(**VERSION)
    door_width_cm = cm("玄関の幅", "ドアを開けて、いちばん狭いところ")
    door_height_cm = cm("玄関の高さ")
    corridor_width_cm = cm("廊下の幅", "いちばん狭いところ、曲がり角も")
    stairs_width_cm = cm("階段の幅")
    lift = YesNo(yes="ある", no="ない", metadata={"label": "エレベーター", "kind": "radios"})
    lift_door_width_cm = cm("扉の幅")
    lift_width_cm = cm("中の幅")
    lift_depth_cm = cm("中の奥行き")
    lift_height_cm = cm("中の高さ")
    fridge_width_cm = cm("冷蔵庫置き場の幅")
    fridge_depth_cm = cm("奥行き")
    fridge_height_cm = cm("高さ", "棚や梁の下まで")
    washer_width_cm = cm("洗濯機置き場（防水パン）の幅", "内側")
    washer_depth_cm = cm("奥行き")
    stove_width_cm = cm("コンロ台の幅", "59cm なら2口が置けます")
    window_width_cm = cm("窓（カーテンレール）の幅")
    window_height_cm = cm("レールから床までの高さ")
    socket_200v = YesNo(yes="ある", no="ない", metadata={"label": "200Vの差し込み口"})
