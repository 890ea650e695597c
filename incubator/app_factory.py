"""Builds the application from the registry: models, policies, machines, reactions, routes. It holds no business rule."""

from typing import Any

from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from incubator import backup, config, demo, migration, prepare, registry
from incubator.accounts import identity, throttle
from incubator.imports import kinds
from incubator.kernel import access, errorpages, events, files, i18n, jobs, json_edge, observe, openapi, templating, web, workflow
from incubator.kernel.db import db

csrf = CSRFProtect()


def create_app(settings: dict[str, Any] | None = None) -> web.Incubator:
    """The WSGI application. `settings` override the environment; tests pass a database and a data folder."""
    app = web.Incubator(
        "incubator",
        root_path=str(config.ROOT / "incubator"),
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
        title="Incubator",
        version="v1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.config.update(config.from_environment())
    app.config.update(settings or {})
    app.config["OPENAPI_VERSION"] = "3.1.0"
    _install(app)
    _register_packages(app)
    prepare.install(app)
    backup.install(app)
    demo.install(app)
    return app


def _install(app: web.Incubator) -> None:
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migration.install(app)
    Babel(
        app, locale_selector=i18n.locale, timezone_selector=i18n.timezone, default_translation_directories=str(config.ROOT / "translations")
    )
    observe.install(app)
    web.install(app)
    csrf.init_app(app)
    files.install(app)
    json_edge.install(app)
    identity.install(app)
    throttle.limiter.init_app(app)
    i18n.install(app)
    templating.install(app)
    errorpages.install(app)


def _register_packages(app: web.Incubator) -> None:
    registry.modules("models")
    for module in registry.modules("policies"):
        access.register(module.VISIBLE, getattr(module, "RULES", {}))
    for module in registry.modules("workflow"):
        workflow.register(getattr(module, "MACHINES", ()))
    for module in registry.modules("reactions"):
        events.register(module.REACTIONS)
    for module in registry.modules("jobs"):
        jobs.register(module.JOBS)
    for module in registry.modules("imports"):
        kinds.register(module.KINDS)
    for module in registry.modules("routes"):
        app.register_blueprint(module.blueprint)
    for module in registry.modules("api"):
        csrf.exempt(module.blueprint)
        app.register_blueprint(module.blueprint)
    web.public(app.view_functions["openapi.spec"])
    openapi.install(app)
    for module in registry.modules("cli"):
        module.install(app)
