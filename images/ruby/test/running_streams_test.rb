# frozen_string_literal: true

require_relative 'helper'
require_relative 'running_server'

# Streams and the ends of answers, as a client sees them.
class RunningStreamsTest < Minitest::Test
  SOURCE = <<~RUBY
    class Rows
      def each
        loop { yield 'row ' * 1000 }
      ensure
        warn 'ensured'
      end

      def close = warn('closed')
    end

    def handler(event, _)
      case event[:extensions].request.path
      when '/enumerator' then Enumerator.new { |rows| Rows.new.each { |row| rows << row } }
      when '/each' then Rows.new
      when '/triple' then [200, {}, Rows.new]
      when '/letters' then %w[a b c].each
      when '/right' then [200, { 'content-length' => '3' }, %w[a b c].each]
      when '/less' then [200, { 'content-length' => '4' }, %w[a b c].each]
      when '/more' then [200, { 'content-length' => '2' }, %w[a b c].each]
      when '/framed'
        [200, { 'Content-Length' => '99', 'Transfer-Encoding' => 'chunked', 'Keep-Alive' => 'timeout=1' }, ['abc']]
      when '/close' then [200, { 'Connection' => 'close' }, ['abc']]
      when '/status' then [100, {}, []]
      end
    end
  RUBY

  def run_server(&)
    RunningServer.run(SOURCE, &)
  end

  def test_a_stream_is_ended_when_its_client_leaves
    { '/enumerator' => 'ensured', '/each' => "ensured\nclosed", '/triple' => "ensured\nclosed" }.each do |path, said|
      run_server do |server|
        server.connect { |socket| socket.write("GET #{path} HTTP/1.1\r\nHost: x\r\n\r\n") && socket.readpartial(10) }
        server.wait_for("#{path} to end") { server.err == "#{said}\n" }
        server.wait_for('the access line') { server.out.include?(path) }
        assert_equal 0, server.metric('function_failures_total')
      end
    end
  end

  def test_head_makes_no_stream
    run_server do |server|
      answer = server.request("HEAD /each HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

      assert_match(/\AHTTP.1.1 200 .*\r\n\r\n\z/m, answer)
      refute_match(/content-length/i, answer)
      assert_equal "closed\n", server.err
    end
  end

  def test_http_1_0_hears_of_the_end
    run_server do |server|
      assert_match(/\r\n\r\nabc\z/, server.request("GET /letters HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
    end
  end

  def test_an_answer_ends_where_it_ends
    run_server do |server|
      answer = server.get('/framed')

      assert_match(/content-length: 3\r\n\r\nabc\z/i, answer)
      refute_match(/transfer-encoding|keep-alive/i, answer)
      assert_match(/connection: close.*abc\z/mi, server.request("GET /close HTTP/1.1\r\nHost: x\r\n\r\n"))
      assert_match(/\AHTTP.1.1 500 /, server.get('/status'))
    end
  end

  def test_the_length_that_a_stream_announces_holds
    run_server do |server|
      assert_match(/content-length: 3\r\n\r\nabc\z/i, server.get('/right'))
      assert_equal 0, server.metric('function_failures_total')
      assert_match(/content-length: 4\r\n\r\nabc\z/i, server.get('/less'))
      assert_match(/content-length: 2\r\n\r\nab\z/i, server.get('/more'))
      assert_equal 2, server.metric('function_failures_total')
    end
  end
end
