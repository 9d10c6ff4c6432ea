"""Trains a small convolutional network with PyTorch on a GPU for some seconds: train.py SECONDS [WIDTH]

It reports as any trial of Hone does: a line of JSON a report. The images are noise with a bright bar; which of ten places the bar is at is
the class, so the loss falls.
"""
import json
import sys
import time

import torch
from torch import nn

seconds = float(sys.argv[1])
width = int(sys.argv[2]) if len(sys.argv) > 2 else 64
torch.manual_seed(7)
model = nn.Sequential(
    nn.Conv2d(1, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(width, 2 * width, 3, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(2 * width, 2 * width, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d((10, 1)), nn.Flatten(), nn.Linear(20 * width, 10),
).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
labels = torch.randint(0, 10, (4096,), device="cuda")
images = torch.randn(4096, 1, 40, 40, device="cuda")
for place in range(10):
    images[labels == place, :, 4 * place:4 * place + 4, :] += 1

start = time.monotonic()
step = 0
while time.monotonic() - start < seconds:
    batch = torch.randint(0, 4096, (512,), device="cuda")
    loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(json.dumps({"step": step, "training_loss": loss.item()}), flush=True)
    step += 1
print(json.dumps({"step": step, "training_loss": loss.item()}), flush=True)
