"""Makes the files of golden/: state dicts as PyTorch projects store them, with the logits that PyTorch computes from them.

python golden.py FOLDER, with torch 1.13 and safetensors 0.8. Ids and logits are in the metadata, as JSON.
"""

import json
import sys

import torch
from safetensors.torch import save_file
from torch import nn, sigmoid, tanh

torch.manual_seed(5)
VOCABULARY, EMBEDDING, HIDDEN, TOKENS = 7, 4, 5, 24
IDS = torch.randint(VOCABULARY, (TOKENS,))


def save(name, state, logits, **metadata):
    metadata.update(ids=json.dumps(IDS.tolist()), logits=json.dumps(logits.reshape(TOKENS, -1).tolist()))
    save_file({key: value.contiguous().clone() for key, value in state.items()}, f'{sys.argv[1]}/{name}.safetensors', metadata)


def randomise(module):
    for parameter in module.parameters():
        nn.init.uniform_(parameter, -1, 1)


def word_language_model(kind, tied):
    """As in PyTorch's example: one module of two layers between encoder and decoder."""
    width = HIDDEN if tied else EMBEDDING
    model = nn.Module()
    model.encoder = nn.Embedding(VOCABULARY, width)
    model.rnn = kind(width, HIDDEN, num_layers=2)
    model.decoder = nn.Linear(HIDDEN, VOCABULARY)
    randomise(model)
    if tied:
        model.decoder.weight = model.encoder.weight
    if kind is nn.GRU:
        for layer in range(2):
            getattr(model.rnn, f'bias_hh_l{layer}').data[2 * HIDDEN :] = 0
    logits = model.decoder(model.rnn(model.encoder(IDS)[:, None])[0])
    return model.state_dict(), logits


def awd():
    """A module a layer, each within DropConnect, which keeps the raw weight; all within DataParallel."""
    model = nn.Module()
    model.encoder = nn.Embedding(VOCABULARY, EMBEDDING)
    model.rnns = nn.ModuleList([nn.LSTM(EMBEDDING, HIDDEN), nn.LSTM(HIDDEN, EMBEDDING)])
    model.decoder = nn.Linear(EMBEDDING, VOCABULARY)
    randomise(model)
    model.decoder.weight = model.encoder.weight
    x = model.encoder(IDS)[:, None]
    for rnn in model.rnns:
        x, _ = rnn(x)
    names = {f'rnns.{l}.weight_hh_l0': f'rnns.{l}.module.weight_hh_l0_raw' for l in range(2)}
    renamed = {names.get(k, k.replace('.weight_ih', '.module.weight_ih').replace('.bias', '.module.bias') if k.startswith('rnns') else k): v for k, v in model.state_dict().items()}
    return {f'module.{key}': value for key, value in renamed.items()}, model.decoder(x)


def adaptive(starts_of):
    """Two adaptive layers with the author's names; `starts_of` says where the code takes each sub-policy from."""
    inputs, hidden, latent = [EMBEDDING, HIDDEN], [HIDDEN, EMBEDDING], 3
    state = {'encoder.weight': torch.empty(VOCABULARY, EMBEDDING), 'decoder.bias': torch.empty(VOCABULARY)}
    cells = [nn.LSTMCell(i + h + latent, latent) for i, h in zip(inputs, hidden)]
    for l, (i, h) in enumerate(zip(inputs, hidden)):
        state[f'rnns.project_layers.{l}.linear.weight'] = torch.empty(i + 13 * h, latent)
        for name, shape in {'weight_ih': (4 * h, i), 'weight_hh': (4 * h, h), 'bias': (4 * h,)}.items():
            state[f'rnns.alstm_layers.{l}.{name}'] = torch.empty(shape)
        for name, value in cells[l].state_dict(keep_vars=True).items():
            state[f'rnns.adapt_layers.{l}.{name}'] = value
    for value in state.values():
        nn.init.uniform_(value, -1, 1)
    state['decoder.weight'] = state['encoder.weight']
    h = [torch.zeros(1, n) for n in hidden]
    c = [torch.zeros(1, n) for n in hidden]
    z = [(torch.zeros(1, latent), torch.zeros(1, latent)) for _ in hidden]
    rows = []
    for token in IDS:
        x = state['encoder.weight'][token][None]
        for l in range(2):
            z[l] = cells[l](torch.cat([x, h[l], z[l - 1][0]], 1), z[l])
            d = tanh(z[l][0] @ state[f'rnns.project_layers.{l}.linear.weight'].T)
            sizes = [inputs[l], hidden[l], 4 * hidden[l], 4 * hidden[l], 4 * hidden[l]]
            d_x, d_h, d_ih, d_hh, d_b = (d[:, start : start + size] for start, size in zip(starts_of(sizes), sizes))
            weight_ih, weight_hh, bias = (state[f'rnns.alstm_layers.{l}.{n}'] for n in ('weight_ih', 'weight_hh', 'bias'))
            u = d_ih * ((d_x * x) @ weight_ih.T) + d_hh * ((d_h * h[l]) @ weight_hh.T) + d_b * bias
            i, f, g, o = u.chunk(4, 1)
            c[l] = sigmoid(f) * c[l] + sigmoid(i) * tanh(g)
            x = h[l] = sigmoid(o) * tanh(c[l])
        rows.append(x @ state['decoder.weight'].T + state['decoder.bias'])
    return state, torch.cat(rows)


with torch.no_grad():
    save('word-language-model', *word_language_model(nn.LSTM, False))
    save('word-language-model-tied', *word_language_model(nn.LSTM, True))
    save('word-language-model-gru', *word_language_model(nn.GRU, False))
    save('word-language-model-rnn', *word_language_model(nn.RNN, False))
    save('awd-lstm', *awd())
    save('adaptive', *adaptive(lambda sizes: [sum(sizes[:k]) for k in range(5)]))
    save('adaptive-published', *adaptive(lambda sizes: [0, *sizes][:5]))
