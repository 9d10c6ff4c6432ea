#!/usr/bin/env python3
"""Writes networks.json: what PyTorch makes of small networks in double precision, for PyTorchTests.

    python3 networks.py > networks.json          (made with PyTorch 1.13; the tests read the file and need no PyTorch)

For each network: Hone's description of it, parameters in the order of Hone's files, inputs, labels; then outputs, loss and all gradients
in training; and the outputs outside training after three steps of each optimizer over the whole batch, weight decay on weights only.

Conventions. Hone's images have channels last: weights of a convolution are permuted to filter, line, column, channel, and a flatten
permutes first. Hone's recurrent layers have one bias: PyTorch's second bias stays 0, but for the new gate of a GRU.
"""
import json
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
RATE, DECAY, STEPS = 0.05, 0.1, 3


class Fn(nn.Module):
    def __init__(self, call):
        super().__init__()
        self.call = call

    def forward(self, x):
        return self.call(x)


class Recurrent(nn.Module):
    def __init__(self, kind, features, units, sequence):
        super().__init__()
        self.net, self.sequence, self.units = kind(features, units, batch_first=True), sequence, units
        self.gru = kind is nn.GRU
        with torch.no_grad():
            self.net.bias_hh_l0[: (2 if self.gru else 4) * units] = 0

    def forward(self, x):
        states, _ = self.net(x)
        return states if self.sequence else states[:, -1]

    def free(self):
        # Gradients of the biases that Hone does not have.
        self.net.bias_hh_l0.grad[: (2 if self.gru else 4) * self.units] = 0


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


ACTIVATIONS = {"Relu": nn.ReLU, "Tanh": nn.Tanh, "Sigmoid": nn.Sigmoid, "LeakyRelu": nn.LeakyReLU}


def build(layers, shape):
    """A PyTorch module for some layers, and the shape behind them: images as channels, height, width."""
    parts = []
    for layer in layers:
        kind, name = layer["kind"], layer["name"]
        if kind == "dense":
            part, shape = nn.Linear(shape[0], layer["units"]), (layer["units"],)
        elif kind == "convolution":
            k, s = layer.get("size", 3), layer.get("stride", 1)
            padding = (k - 1) // 2 if layer.get("border", "Same") == "Same" else 0
            part = nn.Conv2d(shape[0], layer["filters"], k, stride=s, padding=padding)
            shape = (layer["filters"], (shape[1] + 2 * padding - k) // s + 1, (shape[2] + 2 * padding - k) // s + 1)
        elif kind in ("max_pool", "average_pool"):
            k = layer.get("size", 2)
            s = layer.get("stride", k)
            part = (nn.MaxPool2d if kind == "max_pool" else nn.AvgPool2d)(k, s)
            shape = (shape[0], (shape[1] - k) // s + 1, (shape[2] - k) // s + 1)
        elif kind == "flatten":
            part = Fn(lambda x: (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1))
            count = 1
            for size in shape:
                count *= size
            shape = (count,)
        elif kind == "activation":
            part = ACTIVATIONS[layer["function"]]()
        elif kind == "batch_norm":
            part = (nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d)(shape[0])
        elif kind == "layer_norm":
            part = nn.LayerNorm(shape[-1])
        elif kind == "embedding":
            table, steps = nn.Embedding(layer["vocabulary"], layer["features"]), shape[0]
            part = nn.Sequential(Fn(lambda x: x.long()), table)
            shape = (steps, layer["features"])
        elif kind in ("lstm", "gru"):
            sequence = layer.get("sequence", False)
            part = Recurrent(nn.LSTM if kind == "lstm" else nn.GRU, shape[1], layer["units"], sequence)
            shape = (shape[0], layer["units"]) if sequence else (layer["units"],)
        elif kind == "residual":
            body, behind = build(layer["layers"], shape)
            part, shape = Residual(body, build(layer.get("shortcut", []), shape)[0]), behind
        elif kind == "module":
            part, shape = build(layer["layers"], shape)
        part.hone = name if kind not in ("residual", "module") else None
        parts.append(part)
        if "activation" in layer:
            parts.append(ACTIVATIONS[layer["activation"]]())
    return nn.Sequential(*parts), shape


def parameters(module):
    """Hone's name, PyTorch's tensor, and the way into the order of Hone's files."""
    same = lambda t: t
    for part in module.modules():
        name = getattr(part, "hone", None)
        if name is None:
            continue
        if isinstance(part, nn.Linear):
            yield name + ".weights", part.weight, same
            yield name + ".bias", part.bias, same
        elif isinstance(part, nn.Conv2d):
            yield name + ".weights", part.weight, lambda t: t.permute(0, 2, 3, 1)
            yield name + ".bias", part.bias, same
        elif isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)):
            yield name + ".scale", part.weight, same
            yield name + ".shift", part.bias, same
        elif isinstance(part, Recurrent):
            yield name + ".input_weights", part.net.weight_ih_l0, same
            yield name + ".state_weights", part.net.weight_hh_l0, same
            yield name + ".bias", part.net.bias_ih_l0, same
            if part.gru:
                yield name + ".state_bias", part.net.bias_hh_l0, lambda t, n=2 * part.units: t[n:]
        elif isinstance(part, nn.Sequential) and len(part) and isinstance(part[-1], nn.Embedding):
            yield name + ".table", part[-1].weight, same


def numbers(tensor):
    return [float(f"{v:.13g}") for v in tensor.detach().flatten().tolist()]


def case(name, shape, layers, rows=6, codes=0):
    torch.manual_seed(len(name))
    inner = (shape[2], shape[0], shape[1]) if len(shape) == 3 else tuple(shape)
    net, behind = build(layers, inner)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.5, 0.5)
    count = 1
    for size in shape:
        count *= size
    x = torch.randint(0, codes, (rows, count)).double() if codes else torch.randn(rows, count)
    y = torch.randint(0, behind[0], (rows,))
    start = {k: v.clone() for k, v in net.state_dict().items()}

    def forward(x):
        x = x.view(rows, *shape)
        return net(x.permute(0, 3, 1, 2) if len(shape) == 3 else x)

    def backward():
        net.zero_grad()
        outputs = forward(x)
        loss = nn.functional.cross_entropy(outputs, y)
        loss.backward()
        for module in net.modules():
            if isinstance(module, Recurrent):
                module.free()
        return outputs, loss

    result = {"name": name, "input": shape, "layers": layers, "x": numbers(x), "y": y.tolist(),
              "parameters": {n: numbers(to(t)) for n, t, to in parameters(net)}}
    x.requires_grad = not codes
    net.train()
    outputs, loss = backward()
    result["outputs"], result["loss"] = numbers(outputs), loss.item()
    result["gradients"] = {n: numbers(to(t.grad)) for n, t, to in parameters(net)}
    result["input_slopes"] = [] if codes else numbers(x.grad)
    x.requires_grad = False
    result["after"] = {}
    for optimizer in ("momentum", "adam", "adam_w"):
        net.load_state_dict(start)
        net.train()
        weights = [t for n, t, _ in parameters(net) if n.endswith("weights")]
        others = [t for n, t, _ in parameters(net) if not n.endswith("weights")]
        groups = [{"params": weights, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}]
        step = {"momentum": lambda: torch.optim.SGD(groups, RATE, momentum=0.9),
                "adam": lambda: torch.optim.Adam(groups, RATE), "adam_w": lambda: torch.optim.AdamW(groups, RATE)}[optimizer]()
        for _ in range(STEPS):
            backward()
            step.step()
        net.eval()
        result["after"][optimizer] = numbers(forward(x))
    return result


cases = [
    case("dense", [7], [
        {"kind": "dense", "name": "a", "units": 5, "activation": "Tanh"},
        {"kind": "layer_norm", "name": "norm"},
        {"kind": "dense", "name": "b", "units": 19, "activation": "LeakyRelu"},
        {"kind": "activation", "name": "s", "function": "Sigmoid"},
        {"kind": "dense", "name": "c", "units": 3}]),
    case("convolutions", [9, 8, 2], [
        {"kind": "convolution", "name": "a", "filters": 5, "activation": "Relu"},
        {"kind": "max_pool", "name": "p"},
        {"kind": "convolution", "name": "b", "filters": 3, "size": 2, "border": "Valid"},
        {"kind": "batch_norm", "name": "norm"},
        {"kind": "activation", "name": "r", "function": "Relu"},
        {"kind": "flatten", "name": "f"},
        {"kind": "dense", "name": "c", "units": 3}]),
    case("strides and pools", [11, 9, 1], [
        {"kind": "convolution", "name": "a", "filters": 4, "size": 3, "stride": 2, "border": "Valid", "activation": "Tanh"},
        {"kind": "max_pool", "name": "p", "size": 3, "stride": 1},
        {"kind": "average_pool", "name": "q", "size": 2, "stride": 1},
        {"kind": "flatten", "name": "f"},
        {"kind": "dense", "name": "c", "units": 3}]),
    case("residual", [4, 5, 3], [
        {"kind": "residual", "name": "one", "layers": [
            {"kind": "convolution", "name": "a", "filters": 3, "activation": "Relu"},
            {"kind": "convolution", "name": "b", "filters": 3, "size": 5}]},
        {"kind": "residual", "name": "two", "layers": [{"kind": "convolution", "name": "c", "filters": 2, "activation": "Relu"}],
         "shortcut": [{"kind": "convolution", "name": "d", "filters": 2, "size": 1}]},
        {"kind": "module", "name": "head", "layers": [
            {"kind": "flatten", "name": "f"}, {"kind": "dense", "name": "e", "units": 4}]}]),
    case("recurrent", [6, 3], [
        {"kind": "lstm", "name": "a", "units": 5, "sequence": True},
        {"kind": "layer_norm", "name": "norm"},
        {"kind": "gru", "name": "b", "units": 9, "sequence": True},
        {"kind": "gru", "name": "c", "units": 4},
        {"kind": "dense", "name": "d", "units": 3}]),
    case("embedding", [5], [
        {"kind": "embedding", "name": "e", "vocabulary": 7, "features": 4},
        {"kind": "lstm", "name": "a", "units": 3, "sequence": True},
        {"kind": "lstm", "name": "b", "units": 6},
        {"kind": "dense", "name": "c", "units": 2}], codes=7),
]
json.dump({"rate": RATE, "decay": DECAY, "steps": STEPS, "cases": cases}, sys.stdout, separators=(",", ":"))
print()
