"""The whole page, on this machine."""

from workshop import doctor


def test_doctor_looks_at_everything_here():
    findings = {finding.name: finding for finding in doctor.examine()}
    expected = "Python System TensorFlow Keras Devices Memory Course Disk Versions Port"
    assert set(expected.split()) <= set(findings)
    assert "Data set" in findings
    assert "backend tensorflow" in findings["Keras"].value
    assert "CPU" in findings["Devices"].value
    assert not [name for name, finding in findings.items() if finding.fatal]
