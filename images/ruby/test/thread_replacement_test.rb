# frozen_string_literal: true

require_relative 'helper'
require 'runtime_kit/web_server'
require 'timeout'

class ThreadReplacementTest < Minitest::Test
  RuntimeKit::ThreadReplacement.install
  VERSION_5 = Puma::Const::PUMA_VERSION.to_i < 6

  def pool(threads, &)
    return Puma::ThreadPool.new('test', 1, threads, &) if VERSION_5

    Puma::ThreadPool.new('test', { min_threads: 1, max_threads: threads }, &)
  end

  def within_seconds(&)
    Timeout.timeout(10, &)
  end

  def test_as_many_may_be_killed_as_there_are
    done = Queue.new
    made = pool(2) { |job| job == :die ? Thread.current.kill : done << job }
    10.times do |index|
      within_seconds { made.wait_until_not_full }
      made << :die
      made << index
    end

    assert_equal((0...10).to_a, within_seconds { Array.new(10) { done.pop } }.sort)
  end

  def test_who_waits_for_a_thread_hears_of_a_new_one
    busy = Queue.new
    made = pool(2) { busy.push(Thread.current) && sleep }
    threads = Array.new(2) do
      made << nil
      within_seconds { busy.pop }
    end
    waiting = Thread.new { made.wait_until_not_full }
    sleep 0.01 until waiting.stop?
    threads.each(&:kill)

    assert waiting.join(10), 'still waits'
    made << nil
    assert within_seconds { busy.pop }, 'nobody takes what comes next'
  ensure
    waiting&.kill
  end

  def test_errors_kill_nobody
    seen = Queue.new
    made = pool(1) { |job| seen.push(Thread.current) && raise(job) }
    _, err = capture_subprocess_io do
      2.times { made << 'an error' }
      within_seconds { sleep 0.01 until seen.size == 2 && made.waiting == 1 }
    end

    assert_same seen.pop, seen.pop
    assert_includes err, 'an error'
  end
end
