import os

from function_server.metrics import CALLS, FAILURES, FIRST_BUCKET, RUNNING, SECONDS, TIMEOUTS, Metrics
from function_server.metrics_page import render


def test_blocks_of_all_workers_add_up() -> None:
    metrics = Metrics(2)
    for block in (0, 1):
        metrics.claim(block)
        metrics.begin("GET")
        metrics.finish("GET", 0.002, failed=False, timed_out=False)
    get = metrics.totals()["GET"]
    assert (get[CALLS], get[RUNNING], get[FAILURES], get[SECONDS]) == (2, 0, 0, 0.004)
    assert get[FIRST_BUCKET + 1] == 2  # up to 0.0025 s


def test_a_bound_belongs_to_its_bucket() -> None:
    metrics = Metrics(1)
    metrics.begin("GET")
    metrics.finish("GET", 0.001, failed=False, timed_out=False)
    assert metrics.totals()["GET"][FIRST_BUCKET] == 1


def test_a_block_that_a_new_worker_takes_over_counts_on() -> None:
    metrics = Metrics(1)
    metrics.begin("POST")
    metrics.finish("POST", 1, failed=True, timed_out=True)
    metrics.claim(0)
    metrics.begin("POST")
    metrics.finish("POST", 1, failed=False, timed_out=False)
    post = metrics.totals()["POST"]
    assert (post[CALLS], post[FAILURES], post[TIMEOUTS]) == (2, 1, 1)


def test_what_a_worker_was_running_when_it_died_failed() -> None:
    metrics = Metrics(1)
    metrics.begin("GET")
    metrics.bury(0)
    get = metrics.totals()["GET"]
    assert (get[CALLS], get[FAILURES], get[RUNNING]) == (1, 1, 0)


def test_methods_of_clients_own_share_a_label() -> None:
    metrics = Metrics(1)
    for method in ("BREW", "WHEN"):
        metrics.begin(method)
        metrics.finish(method, 0, failed=False, timed_out=False)
    assert metrics.totals()["OTHER"][CALLS] == 2


def test_the_page_has_cumulative_buckets() -> None:
    metrics = Metrics(1)
    for seconds in (0.0001, 0.3, 500):
        metrics.begin("GET")
        metrics.finish("GET", seconds, failed=False, timed_out=False)
    page = render(metrics, os.getpid()).decode()
    assert 'function_duration_seconds_bucket{le="0.001",method="GET"} 1.0' in page
    assert 'function_duration_seconds_bucket{le="180.0",method="GET"} 2.0' in page
    assert 'function_duration_seconds_bucket{le="+Inf",method="GET"} 3.0' in page
    assert 'function_calls_total{method="GET"} 3.0' in page
