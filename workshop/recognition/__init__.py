"""A network that was trained on ImageNet, read from a file without a download."""

from workshop.recognition.efficientnet import NetworkMissing, efficientnet_lite0
from workshop.recognition.recorded import NotRecorded, RecordedAnswers
from workshop.recognition.state_dict import WeightsError, read_state_dict
from workshop.recognition.transfer import RecordedTransfer, recorded_transfer

__all__ = [
    "NetworkMissing",
    "NotRecorded",
    "RecordedAnswers",
    "RecordedTransfer",
    "WeightsError",
    "efficientnet_lite0",
    "read_state_dict",
    "recorded_transfer",
]
