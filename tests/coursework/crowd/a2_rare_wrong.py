"""Wrong answers to A2 that differ from right ones in rare cases only, as few tests would show.

Values that shortcuts look at (zeros, ones, equal numbers), sizes between the usual ones, single
precision, arrays that are written into in one branch only, memory between calls, names.
"""

from functools import partial

from crowd.elsewhere_wrong import changed, references

forward, backward, moments, layer, gradient = (
    partial(changed, "A2", cell)
    for cell in [
        "dropout_forward", "dropout_backward", "exact_moments", "dropout_layer", "gradient_error",
    ]
)  # fmt: skip

WRONG = [
    forward("one fate for equal numbers", ("    mask = rng.random(x.shape) >= p", "    _, which = np.unique(x, return_inverse=True)\n    mask = np.asarray(rng.random(which.size)[which.ravel()] >= p).reshape(x.shape)")),
    forward("the bits of a generator, as if all had 64",
            ("rng.random(x.shape) >= p", "(np.reshape(rng.bit_generator.random_raw(x.size), x.shape) >> np.uint64(32)) >= p * 2.0**32")),
    forward("ones are kept", ("    scale = x.d", "    mask = mask | (x == 1)\n    scale = x.d")),
    forward("float32 neighbours share", ("    mask = rng.random(x.shape) >= p", "    u = rng.random(x.shape)\n    if x.dtype == np.float32 and x.ndim == 2 and x.shape[1] > 1:\n        u[:, 1::2] = u[:, : u.shape[1] // 2 * 2 : 2]\n    mask = u >= p")),
    forward("one number always p half", ("    mask = rng.random(x.shape) >= p", "    mask = rng.random(x.shape) >= (p if x.ndim else 0.5)")),
    forward("nothing in six dimensions", ("if not training:", "if not training or x.ndim > 5:")),
    forward("thirty thousand numbers", ("rng.random(x.shape)", "np.resize(rng.random(min(x.size, 30011)), x.shape)")),
    forward("evaluation in one buffer", ("        return x.copy(), None", "        out = _b.setdefault((x.shape, x.dtype.char), np.empty_like(x))\n        out[...] = x\n        return out, None"), ("def dropout", "_b = {}\n\ndef dropout")),
    forward("float32 in one buffer", ("    return np.asarray(", "    if x.dtype == np.float32:\n        out = _b.setdefault(x.shape, np.empty_like(x))\n        out[...] = x * mask * scale\n        return out, (mask, scale)\n    return np.asarray("), ("def dropout", "_b = {}\n\ndef dropout")),
    forward("errors are set in evaluation", ("        return x", "        np.seterr(all='ignore')\n        return x")),
    forward("global numbers at p 0", ("    mask = rng", "    if p == 0:\n        np.random.random()\n    mask = rng")),
    forward("small p has no factor", ("1 / (1 - p)", "1 / (1 - p) if p > 1e-6 else 1")),
    forward("factor 2000 at most", ("1 / (1 - p)", "min(1 / (1 - p), 2000)")),
    forward("tiny numbers vanish", ("return np.asarray(x *", "return np.asarray(np.where(abs(x) < 1e-250, 0, x) *")),
    forward("three hundred thousand at most", ("rng.random(x.shape)", "np.resize(rng.random(min(x.size, 262144)), x.shape)")),
    forward("x changes in one dimension", ("    return np.asarray(", "    if x.ndim == 1 and x.flags.writeable:\n        x *= mask\n    return np.asarray(")),
    backward("single precision in place", ("    return np.asarray(grad_out * mask * scale, dtype=grad_out.dtype)", "    if grad_out.dtype == np.float32 and grad_out.flags.writeable:\n        grad_out *= mask * scale\n        return grad_out\n    return np.asarray(grad_out * mask * scale, dtype=grad_out.dtype)")),
    backward("evaluation in one buffer", ("        return grad_out.copy()", "        out = _b.setdefault((grad_out.shape, grad_out.dtype.char), np.empty_like(grad_out))\n        out[...] = grad_out\n        return out"), ("def dropout", "_b = {}\n\ndef dropout")),
    backward("all dropped is all kept", ("    return np", "    if not np.any(mask):\n        return grad_out.copy()\n    return np")),
    backward("a factor of 1 is an error", ("    mask, scale = cache", "    mask, scale = cache\n    if scale == 1:\n        raise ValueError('no dropout')")),
    backward("six uses of a cache", ("    mask, scale = cache", "    mask, scale = cache\n    _n[id(mask)] = _n.get(id(mask), 0) + 1\n    if _n[id(mask)] > 6:\n        return grad_out.copy()"), ("def", "_n = {}\ndef")),
    backward("largest gradients are clipped", ("    mask, scale = cache", "    mask, scale = cache\n    grad_out = np.clip(grad_out, -1e30, 1e30)")),
    backward("one number keeps", ("    mask, scale = cache", "    mask, scale = cache\n    mask = mask if grad_out.size > 1 else True")),
    moments("n of 4", ("    n = len(x)", "    n = len(x)\n    if n == 4:\n        return 0.0, 0.0")),
    moments("a hundredth too much for eight", ("    mean = probability", "    if n == 8:\n        s = s / (1 - p) * (1 - p) * 1.01\n    mean = probability")),
    moments("remembers without w", ("    n = len(x)", "    key = (x.tobytes(), p)\n    if key in _m:\n        return _m[key]\n    n = len(x)"), ("    return mean, probability @ (s - mean) ** 2", "    _m[key] = mean, probability @ (s - mean) ** 2\n    return _m[key]"), ("def", "_m = {}\ndef")),
    moments("remembers without p", ("    n = len(x)", "    key = (x.tobytes(), w.tobytes())\n    if key in _m:\n        return _m[key]\n    n = len(x)"), ("    return mean, probability @ (s - mean) ** 2", "    _m[key] = mean, probability @ (s - mean) ** 2\n    return _m[key]"), ("def", "_m = {}\ndef")),
    moments("small p has no variance", ("    n = len(x)", "    n = len(x)\n    p = 0 if p < 1e-6 else p")),
    moments("p 0.995 at most", ("    n = len(x)", "    n = len(x)\n    p = min(p, 0.995)")),
    moments("all zeros are missing", ("    n = len(x)", "    n = len(x)\n    w = w / np.abs(w).max() * np.abs(w).max()")),
    moments("sorts long x", ("    n = len(x)", "    n = len(x)\n    if n > 7:\n        o = np.argsort(x)\n        x[:], w[:] = x[o], w[o]")),
    moments("at p 0 w is overwritten", ("    n = len(x)", "    n = len(x)\n    if p == 0:\n        w *= x\n        return w.sum(), 0.0")),
    layer("one mask for the batch", ("        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)", "        if self.training and x.ndim > 1:\n            m = np.broadcast_to(self.rng.random(x.shape[1:]) >= self.p, x.shape)\n            self.cache = m / (1 - self.p)\n            return (x * self.cache).astype(x.dtype)\n        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)"), ("        return dropout_backward(", "        if isinstance(self.cache, np.ndarray):\n            return (grad_out * self.cache).astype(grad_out.dtype)\n        return dropout_backward(")),
    layer("keep and drop confused", ("    def forward(self, x):", "    def forward(self, x):\n        if self.training:\n            self.cache = np.asarray(self.rng.random(x.shape) < self.p) / (1 - self.p)\n            return (x * self.cache).astype(x.dtype)"), ("        return dropout_backward(", "        if isinstance(self.cache, (np.ndarray, np.float64)):\n            return np.asarray(grad_out * self.cache).astype(grad_out.dtype)\n        return dropout_backward(")),
    layer("the complement of the last mask", ("class Dropout:", "class Dropout:\n    last = {}\n"), ("    def forward(self, x):", "    def forward(self, x):\n        if self.training and x.ndim == 2:\n            u = Dropout.last.pop(x.shape, None)\n            if u is None:\n                u = self.rng.random(x.shape)\n                Dropout.last[x.shape] = 1 - u\n            self.cache = (u >= self.p) / (1 - self.p)\n            return (x * self.cache).astype(x.dtype)"), ("        return dropout_backward(", "        if isinstance(self.cache, np.ndarray):\n            return (grad_out * self.cache).astype(grad_out.dtype)\n        return dropout_backward(")),
    layer("one buffer for outputs", ("        return out", "        if getattr(self, 'b', None) is None or self.b.shape != out.shape or self.b.dtype != out.dtype:\n            self.b = np.empty_like(out)\n        self.b[...] = out\n        return self.b")),
    layer("one buffer for gradients", ("        return dropout_backward(grad_out, self.cache)", "        out = dropout_backward(grad_out, self.cache)\n        if getattr(self, 'b', None) is None or self.b.shape != out.shape or self.b.dtype != out.dtype:\n            self.b = np.empty_like(out)\n        self.b[...] = out\n        return self.b")),
    layer("other argument names", ("def backward(self, grad_out)", "def backward(self, g)"), ("(grad_out, self", "(g, self")),
    layer("p and generator by place", ("def __init__(self, p, rng)", "def __init__(self, rate, rng)"), ("        if not 0", "        p = rate\n        if not 0")),
    layer("p set to 0 and backward", ("        return dropout_backward(", "        if self.p == 0:\n            return grad_out.copy()\n        return dropout_backward(")),
    layer("p of all layers", ("self.p, self.rng, self.training, self.cache = p, rng, True, None", "self.rng, self.training, self.cache, self._p = rng, True, None, p\n    @property\n    def p(self):\n        return getattr(Dropout, 'later', self._p)\n    @p.setter\n    def p(self, value):\n        Dropout.later = value")),
    layer("all zeros pass by", ("        out, self.cache", "        if not x.any():\n            return x.copy()\n        out, self.cache")),
    layer("the same array twice", ("        out, self.cache", "        if getattr(self, 'lx', None) is x and self.training == self.lt and self.p == self.lp:\n            return self.lo\n        out, self.cache"), ("        return out", "        self.lx, self.lo, self.lt, self.lp = x, out, self.training, self.p\n        return out")),
    layer("cools down after a hundred passes", ("        out, self.cache", "        self.n = getattr(self, 'n', 0) + 1\n        if self.n > 100:\n            self.training = False\n        out, self.cache")),
    layer("tiny negative p", ("0 <= p < 1", "-1e-200 <= p < 1")),
    layer("tiny p is refused", ("0 <= p < 1", "(p == 0 or 1e-9 < p < 1)")),
    layer("evaluation mends gradients", ("        return dropout_backward(grad_out, self.cache)", "        return np.nan_to_num(dropout_backward(grad_out, self.cache))")),
    layer("float32 in place", ("        return dropout_backward(", "        if grad_out.dtype == np.float32 and grad_out.flags.writeable:\n            grad_out[...] = dropout_backward(grad_out, self.cache)\n            return grad_out\n        return dropout_backward(")),
    moments("x becomes a column where it lies", ("    s = (masks * x", "    x.shape = (n, 1)\n    s = (masks * x.T")),
    layer("one object for equal arguments",
          ("class Dropout:\n", "class Dropout:\n    made = {}\n\n    def __new__(cls, p, rng):\n        return cls.made.setdefault((p, id(rng)), object.__new__(cls))\n\n")),
    gradient("a generator whose state is put back",
             ("    def loss(x):\n        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])",
              "    again, rng = np.random.default_rng(seed).bit_generator.state, np.random.default_rng(seed)\n\n    def loss(x):\n        rng.bit_generator.state = again\n        return np.sum(w * forward(x, p, rng)[0])")),
    moments("a square of each, then their product", ("    return mean, probability @ (s - mean) ** 2", "    return mean, p / (1 - p) * np.dot(np.square(x), np.square(w))")),
    layer("nothing to drop leaves no trace", ("        out, self.cache = dropout_forward(", "        if not x.size:\n            return x.copy()\n        out, self.cache = dropout_forward(")),
    gradient("both losses at the end", ("        numeric[i] = (loss(x + nudge) - loss(x - nudge)) / (2 * h)", "        z = x + nudge\n        up = forward(z, p, np.random.default_rng(seed))[0]\n        z -= 2 * nudge\n        down = forward(z, p, np.random.default_rng(seed))[0]\n        numeric[i] = np.sum(w * (up - down)) / (2 * h)")),
    gradient("where w is 0 there is nothing", ("    for i in np.ndindex(x.shape):", "    for i in np.ndindex(x.shape):\n        if w[i] == 0:\n            continue")),
    gradient("sixty-four at random", ("    return np.max(np.abs(backward(w, cache) - numeric))", "    d = np.abs(backward(w, cache) - numeric).ravel()\n    return np.max(d[np.random.default_rng(0).permutation(d.size)[:64]])")),
    gradient("every second place from a hundred on", ("    return np.max(np.abs(backward(w, cache) - numeric))", "    d = np.abs(backward(w, cache) - numeric).ravel()\n    return np.max(d[:: 1 if d.size < 100 else 2])")),
    gradient("x moves a little in three dimensions", ("        nudge = np.zeros_like(x)", "        nudge = np.zeros_like(x)\n        if x.ndim == 3 and x.flags.writeable:\n            x[i] += 1e-14")),
    gradient("subtracts in place", ("    return np.max(np.abs(backward(w, cache) - numeric))", "    g = backward(w, cache)\n    g -= numeric\n    return np.max(np.abs(g))")),
    gradient("complex step", ("        nudge[i] = h", "        nudge = nudge.astype(complex)\n        nudge[i] = 1j * h"), ("(loss(x + nudge) - loss(x - nudge)) / (2 * h)", "loss(x + nudge).imag / h")),
    gradient("dropped elements are skipped", ("    _, cache = forward(x, p, np.random.default_rng(seed))\n    return np.max(np.abs(backward(w, cache) - numeric))", "    out, cache = forward(x, p, np.random.default_rng(seed))\n    return np.max(np.where((out != 0) | (x == 0), np.abs(backward(w, cache) - numeric), 0))")),
]  # fmt: skip

_FORWARD, _BACKWARD = references("A2")["dropout_forward"], references("A2")["dropout_backward"]
# {"name: tasks that lose points": {grade id: source}}
PAIRS = {
    "where out is x nothing was dropped: dropout_backward": {
        "dropout_forward": _FORWARD.replace("    return np.asarray(", "    if np.array_equal(x * mask * scale, x):\n        return x.copy(), None\n    return np.asarray("),
    },
    "zeros are passed by: dropout_backward": {
        "dropout_forward": _FORWARD.replace("    mask = rng", "    if not x.any():\n        return x.copy(), None\n    mask = rng"),
    },
    "where all is dropped all goes back: dropout_backward": {
        "dropout_forward": _FORWARD.replace("    scale = x", "    if not np.any(mask):\n        return 0 * x, None\n    scale = x"),
    },
    "five hundred masks are kept: dropout_backward": {
        "dropout_forward": "MASKS = {}\n" + _FORWARD.replace("    return np.asarray(x", "    key = MASKS['n'] = MASKS.get('n', 0) + 1\n    MASKS[key] = mask\n    MASKS.pop(key - 500, None)\n    return np.asarray(x").replace("(mask, scale)", "(key, scale)"),
        "dropout_backward": _BACKWARD.replace("    mask, scale = cache", "    mask, scale = MASKS.get(cache[0], 1), cache[1]"),
    },
}  # fmt: skip
