# frozen_string_literal: true

require_relative 'helper'

class MetricsTest < Minitest::Test
  include RuntimeKit::Fixtures

  def count(board, slot, *arguments, **options)
    RuntimeKit::Counters.new(board.counters(slot)).count(*arguments, **options)
  end

  def lines(board)
    RuntimeKit::MetricsPage.new(board).to_s.lines(chomp: true)
  end

  def test_slots_are_summed
    shared = board
    count(shared, 1, 'GET', 0.002)
    count(shared, 2, 'GET', 0.2, failed: true, timed_out: true)
    page = lines(shared)

    assert_includes page, 'function_calls_total{method="GET"} 2'
    assert_includes page, 'function_failures_total{method="GET"} 1'
    assert_includes page, 'function_timeouts_total{method="GET"} 1'
    assert_includes page, 'function_duration_seconds_bucket{method="GET",le="0.001"} 0'
    assert_includes page, 'function_duration_seconds_bucket{method="GET",le="0.0025"} 1'
    assert_includes page, 'function_duration_seconds_bucket{method="GET",le="180"} 2'
    assert_includes page, 'function_duration_seconds_bucket{method="GET",le="+Inf"} 2'
    assert_includes page, 'function_duration_seconds_sum{method="GET"} 0.202'
  end

  def test_other_processes_see_the_counts
    shared = board
    Process.wait(fork do
      count(shared, 1, 'POST', 1)
      exit!(0)
    end)

    assert_includes lines(shared), 'function_calls_total{method="POST"} 1'
  end

  def test_calls_in_flight
    shared = board
    calls = RuntimeKit::RunningCalls.new(shared.calls(1), shared.call_size)
    index = calls.start(42, 1.5, %w[a GET])

    assert_includes lines(shared), 'function_requests_in_flight 1'
    assert_equal([[42, 1.5, %w[a GET]]], calls.to_a.map { |call| [call.connection, call.started, call.fields] })
    calls.finish(index)

    assert_includes lines(shared), 'function_requests_in_flight 0'
  end

  def test_own_usage
    usage = RuntimeKit::ProcessUsage.of([Process.pid, 0])

    assert_operator usage.cpu_seconds, :>, 0
    assert_operator usage.resident_bytes, :>, 1024 * 1024
  end
end
