# frozen_string_literal: true

require_relative 'helper'
require 'runtime_kit/substitute'

class SubstituteTest < Minitest::Test
  include RuntimeKit::Fixtures

  Handle = Struct.new(:slot, :answers) do
    def answer(connection, text)
      answers << [connection, text&.lines&.first&.chomp]
    end
  end

  FIELDS = ['-', 'GET', '/', '', 'HTTP/1.1', '', '', '', ''].freeze

  def setup
    @board = board
    @calls = RuntimeKit::RunningCalls.new(@board.calls(1), @board.call_size)
    @worker = Handle.new(1, [])
    logs = RuntimeKit::Logs.format('combined')
    @substitute = RuntimeKit::Substitute.new(@board, configuration('FUNC_TIMEOUT' => '3'), logs)
  end

  def printed(&)
    capture_subprocess_io(&).first
  end

  def counted
    RuntimeKit::Counters.new(@board.counters(0)).to_a.first.to_i
  end

  def test_calls_of_a_dead_worker_are_answered_and_counted
    @calls.start(42, 1, FIELDS)

    assert_match(/" 500 /, printed { @substitute.settle(@worker, 2) })
    assert_equal [[42, 'HTTP/1.1 500 Internal Server Error']], @worker.answers
    assert_equal 1, counted
  end

  def test_what_the_worker_has_counted_is_not_counted_again
    @calls.counted(@calls.start(42, 1, FIELDS))

    assert_empty(printed { @substitute.settle(@worker, 2) })
    assert_equal 1, @worker.answers.size
    assert_equal 0, counted
  end

  def test_a_record_is_used_again
    index = @calls.start(42, 1, FIELDS)
    @calls.counted(index)
    @calls.finish(index)
    @calls.start(43, 1, FIELDS)

    assert_match(/" 408 /, printed { @substitute.answer_overdue([@worker], 4.4) })
    assert_equal 1, counted
  end
end
