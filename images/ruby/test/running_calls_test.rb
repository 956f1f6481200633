# frozen_string_literal: true

require_relative 'helper'
require_relative 'running_server'

# How calls end, in a server of its own.
class RunningCallsTest < Minitest::Test
  STUBBORN = <<~RUBY
    def handler(event, _)
      return 'served' unless event[:extensions].request.path == '/stubborn'
      begin
        sleep
      rescue Exception
        retry
      end
    end
  RUBY

  ENDING = <<~RUBY
    at_exit { warn 'at exit' }
    def handler(event, _)
      case event[:extensions].request.path
      when '/exit' then Thread.new { exit 3 } && sleep
      when '/kill' then Thread.current.kill
      else 'served'
      end
    end
  RUBY

  def test_as_many_calls_may_be_killed_as_there_are_threads
    RunningServer.run(STUBBORN, { 'FUNC_THREADS' => '2', 'FUNC_TIMEOUT' => '0.3' }) do |server|
      2.times do
        late = Array.new(3) { Thread.new { server.get('/stubborn') } }.map(&:value)

        assert(late.all? { |answer| answer.start_with?('HTTP/1.1 408') }, late.inspect)
        assert_match(/served\z/, server.get('/'))
      end
      assert_equal 6, server.metric('function_timeouts_total')
    end
  end

  def test_errors_that_cannot_be_told_are_errors
    source = <<~RUBY
      class Mute < StandardError
        def message = raise('nothing to say')
      end
      def handler(event, _)
        $stderr.close if event[:extensions].request.path == '/closed'
        raise Mute
      end
    RUBY
    RunningServer.run(source) do |server|
      %w[/ /closed /closed-before].each { |path| assert_match(/\AHTTP.1.1 500 /, server.get(path)) }
      assert_equal [3, 0], [server.metric('function_failures_total'), server.metric('function_timeouts_total')]
      assert_equal 3, server.err.scan('its message cannot be read: RuntimeError (Mute)').size, server.err
    end
  end

  def test_the_end_of_a_thread_or_of_the_process_is_no_timeout
    RunningServer.run(ENDING) do |server|
      assert_match(/\AHTTP.1.1 500 /, server.get('/exit'))
      assert_match(/served\z/, server.get('/'))
      assert_equal '', server.get('/kill')
      assert_match(/served\z/, server.get('/'))
      server.wait_for('the access lines') { server.out.lines.size == 4 }
      assert_equal [500, 200, 500, 200], server.out.scan(/" (\d+) /).flatten.map(&:to_i)
      assert_equal [2, 0], [server.metric('function_failures_total'), server.metric('function_timeouts_total')]
      assert_includes server.err, 'at exit'
    end
  end

  def test_a_ractor_ends_with_its_call
    source = <<~RUBY
      def handler(event, _)
        return Process.pid.to_s unless event[:extensions].request.path == '/loop'
        Ractor.new { loop { nil } }
        sleep
      end
    RUBY
    RunningServer.run(source, { 'FUNC_TIMEOUT' => '0.3' }) do |server|
      worker = server.get('/')[/\d+\z/].to_i
      assert_match(/\AHTTP.1.1 408 /, server.get('/loop'))
      server.wait_for('the worker to end') { !File.exist?("/proc/#{worker}") }
      refute_equal worker, server.get('/')[/\d+\z/].to_i
    end
  end

  # How soon others have their turn depends on the machine; see docs/decisions/0004-ruby-process-model.md.
  def test_calls_and_their_threads_give_way_early
    source = 'def handler(_, _) = [Thread.current, Thread.new { sleep }].map(&:priority).join(" ")'
    RunningServer.run(source) do |server|
      assert_match(/\r\n\r\n-3 -3\z/, server.get('/'))
    end
  end
end
