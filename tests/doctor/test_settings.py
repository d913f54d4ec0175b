"""Variables that slow TensorFlow down."""

from workshop.doctor import settings


def test_settings_that_slow_tensorflow_down_are_found(monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert [bool(finding.remedy) for finding in settings.settings()] == [True, True]
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert settings.settings() == []
