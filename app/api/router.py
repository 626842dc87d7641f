"""The endpoints of version 1, in the order in which the documentation shows them."""

from fastapi import APIRouter

from app.api import (
    access_reports,
    advice,
    changes,
    decision_batches,
    decisions,
    directory,
    erasures,
    events,
    handovers,
    import_rows,
    imports,
    own_imports,
    own_referrals,
    person_exports,
    reference,
    referrals,
    rules,
    searching,
    statistics,
    transitions,
    webhook_deliveries,
    webhook_subscriptions,
)

router = APIRouter(redirect_slashes=False)
router.include_router(decisions.router)
router.include_router(decision_batches.router)
router.include_router(referrals.router)
router.include_router(own_referrals.router)
router.include_router(searching.router)
router.include_router(changes.router)
router.include_router(advice.router)
router.include_router(imports.router)
router.include_router(own_imports.router)
router.include_router(import_rows.router)
router.include_router(handovers.router)
router.include_router(transitions.router)
router.include_router(events.router)
router.include_router(webhook_subscriptions.router)
router.include_router(webhook_deliveries.router)
router.include_router(statistics.router)
router.include_router(erasures.router)
router.include_router(access_reports.router)
router.include_router(person_exports.router)
router.include_router(directory.router)
router.include_router(reference.router)
router.include_router(rules.router)
