"""The web application: the API, the source pages and the chat page over one engine."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from qa.engine import Engine
from web import api, errors, source

DESCRIPTION = "问政策文件，得条款原文。回答中的每处引用都与原文逐字一致，可按起止位置核对。"


def create_app(engine: Engine, *, chat: bool = True) -> FastAPI:
    """The whole application; without `chat`, the heavy chat page is left out.

    The chat page answers every address that nothing before it does, so it comes last.
    """
    app: FastAPI = FastAPIOffline(
        title="Wence 问策", description=DESCRIPTION, version="0.1.0", redoc_url=None
    )
    routes = api.router(engine)
    app.include_router(routes)
    app.include_router(errors.unknown_addresses(routes))
    app.include_router(source.router(engine))
    errors.install(app)
    if not chat:
        return app
    from web.chat import mount_chat

    return mount_chat(app, engine)
