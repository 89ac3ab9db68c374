"""What a run says: its checks, its metadata, its failures."""


def checks_of(result) -> dict[tuple[str, str], tuple[bool, str]]:
    """Every check of a run by asset and name: whether it passed, and what it says."""
    return {
        (each.asset_key.to_user_string(), each.check_name): (each.passed, each.description or "")
        for each in result.get_asset_check_evaluations()
    }


def metadata_of(result) -> dict[str, dict[str, object]]:
    """The metadata values of every materialization of a run, by asset."""
    return {
        event.asset_key.to_user_string(): {name: each.value for name, each in event.materialization.metadata.items()}
        for event in result.all_events
        if event.is_step_materialization
    }


def failures_of(result) -> list[str]:
    """What each failed step says."""
    failed = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    return [each.user_failure_data.description if each.user_failure_data else each.error.to_string() for each in failed]
