"""`python -m index.training`: train the encoder; `… testbed`: kept questions; `… rarity`: count."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import torch
import typer

from errors import UserError
from index.training.corpus import read_passages
from index.training.everyday import kept_questions, read_questions, training_questions
from index.training.rarity import write_rarity
from index.training.settings import TrainingSettings
from index.training.testbed import write_test_bed
from index.training.thesaurus import read_thesaurus
from index.training.train import train_encoder

DEFAULTS = TrainingSettings()
DATA = Path("../shared/data")
ENCODER = Path("data/encoder")

app = typer.Typer(add_completion=False, invoke_without_command=True)

Data = Annotated[Path, typer.Option(help="Folder of statutes.jsonl.xz and official/.")]
Encoder = Annotated[Path, typer.Option(help="Encoder folder; training replaces it when it ends.")]
Table = Annotated[Path, typer.Option(help="File of words and inverse document frequencies.")]
Work = Annotated[Path, typer.Option(help="Folder for checkpoints; a second run goes on there.")]
Asked = Annotated[Path, typer.Option(help="Folder of written questions.")]
Terms = Annotated[Path, typer.Option(help="Everyday and official terms, if the file exists.")]
Steps = Annotated[int, typer.Option(min=1, help="Batches to learn.")]
StopAfter = Annotated[int | None, typer.Option(help="Stop early at this step, to go on later.")]
Threads = Annotated[int, typer.Option(min=1, help="Processor cores to use.")]


@app.callback()
def train(
    context: typer.Context,
    data: Data = DATA,
    out: Encoder = ENCODER,
    work: Work = Path("~/.cache/wence-training"),
    questions: Asked = Path("data/training"),
    thesaurus: Terms = Path("data/thesaurus.tsv"),
    steps: Steps = DEFAULTS.steps,
    seed: int = DEFAULTS.seed,
    threads: Threads = 1,
    stop_after: StopAfter = None,
) -> None:
    """Train the sentence encoder on the official texts of --data and write it to --out."""
    if context.invoked_subcommand:
        return
    use_threads(threads)
    try:
        loss = train_encoder(
            read_passages(data, {question.document for question in kept_questions(questions)}),
            training_questions(questions),
            read_thesaurus(thesaurus),
            replace(DEFAULTS, steps=steps, seed=seed),
            work.expanduser(),
            out,
            stop_after=stop_after,
        )
    except UserError as error:
        fail(error)
    typer.echo(f"{out} written; mean loss of the last steps {loss:.3f}")


@app.command("rarity")
def count_words(data: Data = DATA, out: Table = Path("data/rarity.tsv")) -> None:
    """Write how rare each common word of the official texts is, for the search at run time."""
    try:
        passages = read_passages(data)
    except UserError as error:
        fail(error)
    write_rarity((passage.text for passage in passages), out)
    typer.echo(f"{out} written")


@app.command("testbed")
def write_kept(
    out: Annotated[Path, typer.Option(help="Folder to write, for `wence bench retrieval`.")],
    kept: Annotated[Path, typer.Option(help="File of questions.")] = Path("data/training/kept.tsv"),
    data: Data = DATA,
) -> None:
    """Write the kept questions with all official texts of --data, to measure a search on them."""
    try:
        texts = write_test_bed(data, read_questions(kept), out)
    except UserError as error:
        fail(error)
    typer.echo(f"{out} written: {texts} texts; measure it with `wence bench retrieval {out}`")


def use_threads(count: int) -> None:
    """Limit torch and the tokenizer to `count` threads."""
    torch.set_num_threads(count)
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if count > 1 else "false"


def fail(error: Exception) -> NoReturn:
    """Say what is wrong on standard error and end with status 2, the user's mistake."""
    typer.echo(str(error), err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
