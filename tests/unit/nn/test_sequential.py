"""Sequential nets: order, masks, whole nets beside PyTorch's, bad input."""

import itertools

import numpy as np
import pytest
import torch

from dropoutlab import nn
from dropoutlab.gradcheck import check_gradients

P = 0.3


def make(*, p=P, dtype=np.float64, seed=0, widths=(12, 16, 16, 5)):
    """Linear, ReLU and dropout, twice, then linear."""
    rng = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in itertools.pairwise(widths[:-1]):
        layers += [nn.Linear(inputs, outputs, rng=rng, dtype=dtype), nn.ReLU()]
        layers += [nn.Dropout(p, rng=rng)]
    net = nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1], rng=rng, dtype=dtype))
    # With biases of zero, a row whose units are all dropped would put the next ReLU
    # exactly on its kink, where central differences mean nothing.
    for layer in net:
        if isinstance(layer, nn.Linear):
            layer.bias.data[...] = rng.standard_normal(layer.out_features)
    return net


def draw_masks(n, rng, p=P):
    return [rng.random((n, 16)) >= p for _ in range(2)]


class MaskedTorchNet(torch.nn.Module):
    """The same net in PyTorch, with dropout as a product with given masks."""

    def __init__(self, net, p=P):
        super().__init__()
        self.p = p
        self.weights = torch.nn.ParameterList(
            torch.tensor(parameter.data.copy()) for parameter in net.parameters()
        )

    def forward(self, x, masks):
        w = self.weights
        for i, mask in enumerate(masks):
            x = torch.relu(torch.nn.functional.linear(x, w[2 * i], w[2 * i + 1]))
            x = x * (torch.tensor(mask, dtype=x.dtype) / (1 - self.p))
        return torch.nn.functional.linear(x, w[-2], w[-1])


def test_layers_can_be_counted_indexed_and_iterated():
    net = make()
    assert len(net) == 7
    assert isinstance(net[-1], nn.Linear)
    assert [type(layer) for layer in net][:3] == [nn.Linear, nn.ReLU, nn.Dropout]
    assert net.dropouts == [net[2], net[5]]


def test_whole_nets_equal_pytorch_in_outputs_and_gradients_on_injected_masks():
    rng = np.random.default_rng(1)
    ours, criterion = make(), nn.SoftmaxCrossEntropy()
    theirs = MaskedTorchNet(ours)
    values, labels, masks = (
        rng.standard_normal((9, 12)),
        rng.integers(5, size=9),
        draw_masks(9, rng),
    )
    x = torch.tensor(values, requires_grad=True)
    output = theirs(x, masks)
    their_loss = torch.nn.functional.cross_entropy(output, torch.tensor(labels))
    their_loss.backward()

    logits = ours(values, masks=masks)
    loss = criterion(logits, labels)
    grad_input = ours.backward(criterion.backward())

    close = {"rtol": 0, "atol": 1e-10}
    np.testing.assert_allclose(logits, output.detach(), **close)
    assert loss == pytest.approx(their_loss.item(), abs=1e-10)
    np.testing.assert_allclose(grad_input, x.grad, **close)
    for parameter, weight in zip(ours.parameters(), theirs.weights, strict=True):
        np.testing.assert_allclose(parameter.grad, weight.grad, **close)
        assert np.abs(parameter.grad).max() > 1e-3


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.8])
def test_ten_training_steps_equal_those_of_pytorch_on_injected_masks(p):
    rng = np.random.default_rng(2)
    ours, criterion = make(p=p), nn.SoftmaxCrossEntropy()
    theirs = MaskedTorchNet(ours, p=p)
    settings = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-3}
    our_optimizer = nn.SGD(ours.parameters(), **settings)
    their_optimizer = torch.optim.SGD(theirs.parameters(), **settings)
    start = [parameter.data.copy() for parameter in ours.parameters()]
    for _ in range(10):
        x, labels = rng.standard_normal((20, 12)), rng.integers(5, size=20)
        masks = draw_masks(20, rng, p)
        criterion(ours(x, masks=masks), labels)
        ours.backward(criterion.backward())
        our_optimizer.step()
        their_optimizer.zero_grad()
        output = theirs(torch.tensor(x), masks)
        torch.nn.functional.cross_entropy(output, torch.tensor(labels)).backward()
        their_optimizer.step()
    for parameter, weight, before in zip(ours.parameters(), theirs.weights, start, strict=True):
        np.testing.assert_allclose(parameter.data, weight.detach(), rtol=0, atol=1e-10)
        assert np.abs(parameter.data - before).max() > 1e-2


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_gradients_of_whole_nets_equal_central_differences_with_the_masks_held(p):
    rng = np.random.default_rng(3)
    net = make(p=p, widths=(4, 16, 16, 3))
    errors = check_gradients(
        net, rng.standard_normal((5, 4)), rng.integers(3, size=5), masks=draw_masks(5, rng, p)
    )
    assert list(errors) == ["input", *(name for name, _ in net.named_parameters())]


def test_masks_reach_the_dropout_layers_in_order_and_nothing_is_drawn():
    net, rng = make(), np.random.default_rng(4)
    masks = draw_masks(3, rng)
    before = net[2].rng.bit_generator.state
    net(np.ones((3, 12)), masks=masks)
    np.testing.assert_array_equal(net[2].mask, masks[0])
    np.testing.assert_array_equal(net[5].mask, masks[1])
    assert net[2].rng.bit_generator.state == before


def test_masks_reach_dropout_in_nested_nets():
    rng = np.random.default_rng(5)
    first, second, third = (nn.Dropout(0.5, rng=rng) for _ in range(3))
    net = nn.Sequential(first, nn.Sequential(nn.ReLU(), second), third)
    masks = [rng.random((2, 4)) < 0.5 for _ in range(3)]
    net(np.ones((2, 4)), masks=masks)
    for layer, mask in zip([first, second, third], masks, strict=True):
        np.testing.assert_array_equal(layer.mask, mask)


class MadeByAReader(nn.Module):
    """A dropout layer as chapter 5 writes it: it has no mask until it has drawn one."""

    def forward(self, x, mask=None):
        self.mask = np.random.default_rng(0).random(x.shape) < 0.5 if mask is None else mask
        return x * self.mask

    def backward(self, grad_output):
        return grad_output * self.mask


class Inside(nn.Module):
    """A module of another kind than `Sequential`, with dropout inside."""

    def __init__(self, *layers):
        self.layers = nn.Sequential(*layers)

    def forward(self, x, masks=None):
        return self.layers(x, masks=masks)

    def backward(self, grad_output):
        return self.layers.backward(grad_output)


class OnlyCalledMask(nn.ReLU):
    """Has an attribute of that name, and draws nothing."""

    def __init__(self):
        super().__init__()
        self.mask = "carnival"


def test_a_reader_s_own_layer_takes_masks_before_and_after_its_first_pass():
    layer = MadeByAReader()
    net = nn.Sequential(nn.ReLU(), layer)
    masks = [np.array([[True, False, True]])]
    for _ in range(2):
        assert net.dropouts == [layer]
        np.testing.assert_array_equal(net(np.ones((1, 3)), masks=masks), [[1, 0, 1]])


def test_masks_reach_dropout_inside_modules_of_other_kinds():
    rng = np.random.default_rng(5)
    first, second, third = (nn.Dropout(0.5, rng=rng) for _ in range(3))
    net = nn.Sequential(Inside(first, second), OnlyCalledMask(), third)
    assert net.dropouts == [first, second, third]
    masks = [rng.random((2, 4)) < 0.5 for _ in range(3)]
    net(np.ones((2, 4)), masks=masks)
    for layer, mask in zip(net.dropouts, masks, strict=True):
        np.testing.assert_array_equal(layer.mask, mask)


def test_every_member_of_the_family_takes_its_own_kind_of_mask():
    rng = np.random.default_rng(6)
    net = nn.Sequential(
        nn.GaussianDropout(0.5, rng=rng),
        nn.DropConnect(4, 3, 0.5, rng=rng, dtype=np.float64),
        nn.Dropout(0.5, rng=rng),
    )
    x = rng.standard_normal((2, 4))
    y = net(x)
    np.testing.assert_array_equal(net(x, masks=[layer.mask for layer in net.dropouts]), y)
    assert (net(x) != y).any()


def test_the_backward_pass_stops_at_the_first_layer_with_parameters():
    rng = np.random.default_rng(7)

    class Counts(nn.Linear):
        n_inputs = 0

        def backward(self, grad_output):
            self.n_inputs += 1
            return super().backward(grad_output)

    first, second = (Counts(3, 3, rng=rng, dtype=np.float64) for _ in range(2))
    net = nn.Sequential(nn.Dropout(0.2, rng=rng), nn.Sequential(first, nn.ReLU()), second)
    net(np.ones((2, 3)))
    net.backward_parameters(np.ones((2, 3)))
    assert (first.n_inputs, second.n_inputs) == (0, 1)
    assert first.weight.grad.any()


def test_a_net_without_parameters_has_no_gradients_to_set():
    net = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Tanh()))
    assert net.backward_parameters(np.ones((2, 3))) is None


def test_evaluation_takes_no_masks_and_repeats_itself():
    net = make().eval()
    x = np.random.default_rng(6).standard_normal((4, 12))
    np.testing.assert_array_equal(net(x), net(x))
    assert (make()(x) != make(seed=0)(x)).sum() == 0
    training = make()
    assert (training(x) != training(x)).any()


def test_float32_stays_float32_through_a_whole_step():
    net, criterion = make(dtype=np.float32), nn.SoftmaxCrossEntropy()
    optimizer = nn.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    for _ in range(2):
        logits = net(np.ones((4, 12), np.float32))
        criterion(logits, np.zeros(4, int))
        grad_logits = criterion.backward()
        grad_input = net.backward(grad_logits)
        optimizer.step()
        arrays = [logits, grad_logits, grad_input]
        arrays += [array for p in net.parameters() for array in (p.data, p.grad)]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_outputs_of_two_calls_do_not_alias():
    net = make()
    first = net(np.ones((2, 12)))
    kept = first.copy()
    net(np.zeros((2, 12)))
    np.testing.assert_array_equal(first, kept)


def test_a_mask_in_evaluation_is_refused():
    net = make().eval()
    masks = draw_masks(2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="mask must be None in evaluation mode"):
        net(np.ones((2, 12)), masks=masks)


@pytest.mark.parametrize("n_masks", [0, 1, 3])
def test_the_wrong_number_of_masks_names_both_counts(n_masks):
    net = make()
    masks = [np.ones((2, 16), bool)] * n_masks
    with pytest.raises(
        ValueError, match=f"one mask for each dropout layer, 2 in this net, got {n_masks}"
    ):
        net(np.ones((2, 12)), masks=masks)
    assert net(np.ones((2, 12))).shape == (2, 5)


def test_bad_layers():
    with pytest.raises(ValueError, match="layers must be at least one Module, got none"):
        nn.Sequential()
    with pytest.raises(TypeError, match=r"layers must be instances of nn\.Module, got <class"):
        nn.Sequential(nn.ReLU)
    relu = nn.ReLU()
    with pytest.raises(ValueError, match="layers must all be different objects"):
        nn.Sequential(relu, nn.Sequential(relu))


def test_backward_before_forward_says_what_to_do():
    with pytest.raises(RuntimeError, match=r"before any forward pass: call layer\(x\) first"):
        make().backward(np.ones((1, 5)))
