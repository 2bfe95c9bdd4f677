"""Runs the lines of docs/pytorch.md over the models of write-cases.ts: the same logits, the same greedy text.

python check.py FOLDER, with torch 1.13 or later and safetensors, from the project's root.
"""

import json
import re
import sys

import torch
from safetensors.torch import load_file
from torch import nn

adaptive, training, plain, _ = re.findall(r'```python\n(.*?)```', open('docs/pytorch.md').read(), re.S)
lines = {'__name__': 'lines'}
exec(adaptive, lines)


def metadata_of(path):
    with lines['safe_open'](path, 'pt') as file:
        return file.metadata()


def plain_logits(path, config, ids):
    model = nn.Module()
    model.encoder = nn.Embedding(config['vocabularySize'], config['embeddingSize'])
    model.decoder = nn.Linear(config['hiddenSizes'][-1], config['vocabularySize'])
    exec(plain, {'nn': nn, 'config': config, 'model': model})
    if config['tiedDecoder']:
        model.decoder.weight = model.encoder.weight
    model.load_state_dict(load_file(path))
    x = model.encoder(torch.tensor(ids))[:, None]
    for layer in model.rnns:
        x, _ = layer(x)
    return model.decoder(x)[:, 0]


def adaptive_logits(path, ids):
    model, metadata = lines['load'](path)
    assert lines['write'](model, ids[:1], len(ids) - 1) == ids, 'the greedy text'
    state, rows = None, []
    for token in ids[:-1]:
        x, state = model.rnns(model.encoder(torch.tensor([token])), state)
        rows.append(model.decoder(x))
    # And stored again, it is the same file.
    exec(training.replace("'trained.safetensors'", 'path'), {'model': model, 'metadata': metadata, 'path': path + '.again'})
    assert load_file(path + '.again').keys() == load_file(path).keys() and metadata_of(path + '.again') == metadata
    return torch.cat(rows)


worst = 0
cases = json.load(open(f'{sys.argv[1]}/cases.json'))
with torch.no_grad():
    for case in cases:
        path = f"{sys.argv[1]}/{case['file']}"
        config = json.loads(metadata_of(path)['config'])
        static = config['adaptation'] == 'static'
        logits = plain_logits(path, config, case['ids'][:-1]) if static else adaptive_logits(path, case['ids'])
        error = (logits - torch.tensor(case['logits'])).abs().max().item()
        assert error < 1e-4, f"{case['name']}: {error}"
        worst = max(worst, error)
print(f'{len(cases)} models, worst logit {worst:.1e}')
