"""A line of the page."""

from workshop.doctor import Finding


def test_a_finding_without_a_remedy_is_good_news():
    finding = Finding("Disk", "9 GB free")
    assert (finding.remedy, finding.fatal) == ("", False)
