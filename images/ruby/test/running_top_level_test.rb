# frozen_string_literal: true

require_relative 'helper'
require_relative 'running_server'

# The top level of a function's file.
class RunningTopLevelTest < Minitest::Test
  SOURCE = <<~RUBY
    @cache = { made: 'while loading' }
    @calls = 0

    def handler(event, _)
      case event[:extensions].request.path
      when '/cache' then "\#{@cache[:made]}, \#{@calls += 1}"
      when '/names' then @response = @request = @env = @params = 'mine'
      when '/helpers' then created { params['a'] }
      when '/thread' then Thread.new { created { params['a'] } }.value
      when '/halt' then halt 418, 'teapot'
      when '/unknown' then no_such_helper
      end
    end

    def created
      status 201
      headers 'x-b' => 'c'
      yield
    end
  RUBY

  def test_instance_variables_and_helpers
    RunningServer.run(SOURCE) do |server|
      assert_match(/while loading, 1\z/, server.get('/cache'))
      assert_match(/while loading, 2\z/, server.get('/cache'))
      assert_match(/\AHTTP.1.1 200 .*mine\z/m, server.get('/names'))
      %w[/helpers /thread].each { |path| assert_match(/ 201 .*x-b: c\r\n.*\r\n1\z/m, server.get("#{path}?a=1")) }
      assert_match(/ 418 .*teapot\z/m, server.get('/halt'))
      assert_match(/ 500 /, server.get('/unknown'))
      assert_match(%r{\A/\S+/function\.rb:11:in .*no_such_helper.* for main}, server.err)
    end
  end
end
