"""The atlas: every model of timm and torchvision, counted exactly at its own size."""
