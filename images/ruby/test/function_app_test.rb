# frozen_string_literal: true

require_relative 'helper'

class FunctionAppTest < Minitest::Test
  class Teapot < Sinatra::Error
    def http_status = 418
  end

  # @yield in the application, as a method of the file's top level
  # @return [Array(Integer, Array<String>, Boolean)] status, body and whether the call failed
  def run_function(&)
    handler = proc(&)
    function = Object.new
    function.define_singleton_method(:call) do |event, context|
      RuntimeKit::CallGroup.current.application.instance_exec(event, context, &handler)
    end
    event = { extensions: RuntimeKit::Extensions.new(nil, nil, nil) }
    env = { 'REQUEST_METHOD' => 'GET', 'PATH_INFO' => '/', 'QUERY_STRING' => 'a=%', 'rack.input' => StringIO.new,
            RuntimeKit::FunctionApp::EVENT => event }
    status, _, body = in_a_call { RuntimeKit::FunctionApp.serve(function, {}).call(env) }
    [status, body, env.key?(RuntimeKit::FunctionApp::FAILED)]
  end

  def in_a_call
    group = Thread.current.group
    RuntimeKit::CallGroup.new.add(Thread.current)
    yield
  ensure
    group.add(Thread.current)
  end

  def test_halt_is_an_answer_and_no_failure
    assert_equal([418, ['teapot'], false], run_function { |_, _| halt 418, 'teapot' })
    assert_equal([404, ['none'], false], run_function { |_, _| throw :halt, [404, 'none'] })
  end

  def test_an_error_with_a_status_is_answered_with_it_and_a_failure
    assert_equal([418, ['teapot'], true], run_function { |_, _| raise Teapot, 'teapot' })
    assert_equal([404, ['gone'], true], run_function { |_, _| raise Sinatra::NotFound, 'gone' })
  end

  def test_any_other_error_is_left_to_the_server
    assert_raises(RuntimeError) { run_function { |_, _| raise 'secret-4711' } }
  end
end
