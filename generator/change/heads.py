"""Compare the heads of two editions of a guideline: title, status, dates, and the copy it was made from."""

from collections.abc import Iterator, Mapping

from generator.change.model import Change, Class, Detail, strongest
from generator.policy.load import Guideline

HEAD: Mapping[str, tuple[str, Class]] = {
    "title": ("题名", "仅措辞"),
    "short": ("简称", "仅措辞"),
    "number": ("文号", "仅引注"),
    "issuer": ("发文机关", "仅引注"),
    "issued": ("发布日期", "仅引注"),
    "effective": ("施行日期", "改期"),
    "status": ("版本状态", "方向不明"),
    "kinds": ("适用机构", "方向不明"),
    "retention_from": ("保存期限起算", "方向不明"),
}


def compare_heads(before: Guideline, after: Guideline) -> Iterator[Change]:
    """Yield the change of what identifies a guideline, and of the copy it was made from."""
    old, new = before.head, after.head
    details = [
        Detail(what=what, old=show(getattr(old, name)), new=show(getattr(new, name)), class_=class_)
        for name, (what, class_) in HEAD.items()
        if getattr(old, name) != getattr(new, name)
    ]
    if old.source.sha256 != new.source.sha256:
        hashes = [f"{head.source.file} {head.source.sha256[:12]}" for head in (old, new)]
        details.append(Detail(what="原文副本", old=hashes[0], new=hashes[1], class_="仅引注"))
    if details:
        yield Change(
            guideline=after.id,
            name=after.id,
            title=new.title,
            topic="指引",
            class_=strongest(details),
            basis="数据",
            details=details,
        )


def show(value: object) -> str | None:
    """Return a field of the head as a report shows it."""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value) if value is not None else None
