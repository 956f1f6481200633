# frozen_string_literal: true

require_relative 'helper'

class DeadlinesTest < Minitest::Test
  def setup
    @deadlines = RuntimeKit::Deadlines.new(0.1).start
  end

  # In a thread of its own, as a call: to kill the main one would end the process.
  def run_for(started = now, &)
    thread = Thread.new { @deadlines.enforce(started, RuntimeKit::CallGroup.new, &) }
    thread.report_on_exception = false
    thread.value
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  def test_returns_what_the_block_returns
    assert_equal(7, run_for { 7 })
    assert_raises(KeyError) { run_for { raise KeyError } }
  end

  def test_waits_loops_and_sockets_end
    reader, = IO.pipe
    [-> { sleep }, -> { loop { nil } }, -> { reader.read }].each do |work|
      started = now

      assert_raises(RuntimeKit::DeadlineExceeded) { run_for(&work) }
      assert_in_delta 0.1, now - started, 2
    end
  end

  def test_a_rescue_does_not_help
    assert_raises(RuntimeKit::DeadlineExceeded) do
      run_for do
        sleep
      rescue Exception # rubocop:disable Lint/RescueException
        'rescued'
      end
    end
  end

  def test_a_stubborn_thread_is_killed
    ended = :not
    run_for do
      loop { nil }
    rescue Exception # rubocop:disable Lint/RescueException
      retry
    ensure
      ended = Thread.current.status
    end

    assert_equal 'aborting', ended
  end

  def test_threads_of_the_call_end_with_it
    helper = nil
    assert_raises(RuntimeKit::DeadlineExceeded) { run_for { (helper = Thread.new { loop { nil } }).join } }

    assert helper.join(5), 'the helper still runs'
  end

  def test_what_began_earlier_is_due_earlier
    @deadlines = RuntimeKit::Deadlines.new(30).start
    other = Thread.new { run_for { sleep } }
    started = now
    assert_raises(RuntimeKit::DeadlineExceeded) { run_for(started - 29.8) { sleep } }

    assert_in_delta 0.2, now - started, 2
  ensure
    other.kill
  end

  def test_leftovers_are_told_of
    told = 0
    @deadlines = RuntimeKit::Deadlines.new(0.1, -> { told += 1 }).start
    assert_raises(RuntimeKit::DeadlineExceeded) { run_for { sleep } }
    assert_equal 0, told
    ractor = nil
    assert_raises(RuntimeKit::DeadlineExceeded) { run_for { (ractor = Ractor.new { Ractor.receive }).take } }
    assert_equal 1, told
  ensure
    ractor&.send('end')
  end

  def test_nothing_is_raised_after_the_call
    8.times do
      begin
        run_for { sleep 0.1 }
      rescue RuntimeKit::DeadlineExceeded
        nil
      end
      sleep 0.005 # an exception on its way would end this
    end
  end
end
