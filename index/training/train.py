"""The training run: texts in, a folder out that `SentenceTransformer` loads."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from rich.progress import Progress
from tokenizers import Tokenizer

from index.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from index.training.corpus import Passage
from index.training.everyday import EverydayQuestion, answers
from index.training.export import write_encoder
from index.training.model import Mixture, build_mixture, contrastive_loss
from index.training.optimizer import LazyAdam
from index.training.pairs import PairSampler, TokenCorpus, tokenise, tokenise_questions
from index.training.questions import QuestionFrames
from index.training.settings import TrainingSettings
from index.training.thesaurus import Entry, build_term_ids
from index.training.tokenizer import build_tokenizer, choose_vocabulary

COMMON = 1e-3  # a word of this share of the text starts with half the norm of a rare one


@dataclass(frozen=True, slots=True)
class Materials:
    """What a run needs besides its settings: all made from the texts, none of it random."""

    tokenizer: Tokenizer
    corpus: TokenCorpus
    mixture: Mixture
    sampler: PairSampler
    fingerprint: str


def train_encoder(
    passages: list[Passage],
    questions: list[EverydayQuestion],
    thesaurus: list[Entry],
    settings: TrainingSettings,
    work: Path,
    out: Path,
    *,
    stop_after: int | None = None,
) -> float:
    """Train, with checkpoints in `work`, and write the encoder folder `out`.

    A run that finds its own checkpoint goes on from there. `stop_after` ends the run at that
    step, with a checkpoint and an encoder of what is learnt so far. Returns the mean loss in
    nats of the last hundred steps (nan if the run had nothing left to do).
    """
    work.mkdir(parents=True, exist_ok=True)
    materials = prepare(passages, questions, thesaurus, settings)
    found = load_checkpoint(work, materials.fingerprint)
    state = found or Checkpoint(0, materials.fingerprint, first_state(materials, settings))
    end = min(settings.steps, stop_after or settings.steps)
    losses: list[float] = []
    with Progress() as progress:
        task = progress.add_task("training", completed=state.step, total=end)
        for step in range(state.step, end):
            losses.append(learn(state.optimizer, materials, settings, step))
            progress.advance(task)
            if (step + 1) % settings.checkpoint_every == 0 or step + 1 == end:
                save_checkpoint(work, Checkpoint(step + 1, state.fingerprint, state.optimizer))
                progress.console.print(f"step {step + 1}: loss {np.mean(losses[-100:]):.3f}")
    write_encoder(out, materials.tokenizer, materials.mixture.table(state.optimizer.own))
    return float(np.mean(losses[-100:])) if losses else float("nan")


def prepare(
    passages: list[Passage],
    questions: list[EverydayQuestion],
    thesaurus: list[Entry],
    settings: TrainingSettings,
) -> Materials:
    """Choose the vocabulary, cut the texts, and set up the drawing of pairs."""
    asked = [question.text for question in questions]
    names = sorted({f"{passage.title} {passage.section}" for passage in passages})
    words_of_terms = [term for sides in thesaurus for side in sides for term in side]
    texts = [*(passage.text for passage in passages), *names, *words_of_terms, *asked]
    vocabulary = choose_vocabulary(texts, settings.vocabulary, words_of_terms)
    tokenizer = build_tokenizer(vocabulary)
    corpus = tokenise(passages, tokenizer)
    written = tokenise_questions(asked, answers(questions, passages), corpus.kept, tokenizer)
    frames = QuestionFrames(tokenizer)
    words = [word for word, _ in vocabulary]
    digest = sha256("\n".join([settings.fingerprint(), *words, *texts]).encode()).hexdigest()
    terms = build_term_ids(thesaurus, tokenizer)
    return Materials(
        tokenizer,
        corpus,
        build_mixture(words, settings.part_share),
        PairSampler(corpus, settings.pairs, written, terms, frames, settings.seed),
        digest,
    )


def first_state(materials: Materials, settings: TrainingSettings) -> LazyAdam:
    """Draw normal vectors, shorter for frequent words.

    The factor is a / (a + p) with p the word's share of the text: smooth inverse frequency
    (Arora, Liang and Ma 2017). Training goes on from these weights.
    """
    size = len(materials.mixture.parts)
    flat = materials.corpus.texts.flat
    share = np.bincount(flat, minlength=size) / max(1, len(flat))
    own = torch.randn(
        size, settings.dimensions, generator=torch.Generator().manual_seed(settings.seed)
    )
    factor = torch.from_numpy(settings.first_scale * COMMON / (COMMON + share)).float()
    return LazyAdam.start(own * factor[:, None])


def learn(adam: LazyAdam, materials: Materials, settings: TrainingSettings, step: int) -> float:
    """Learn from one batch of pairs; return its loss in nats. The rate falls in a line."""
    batch = materials.sampler.batch(step, settings.batch)
    loss, leaf, used = contrastive_loss(adam.own, materials.mixture, batch, settings.temperature)
    loss.backward()  # type: ignore[no-untyped-call]
    assert leaf.grad is not None
    rate = settings.rate * max(settings.last_rate, 1 - step / settings.steps)
    adam.update(used, leaf.grad, rate)
    return loss.item()
