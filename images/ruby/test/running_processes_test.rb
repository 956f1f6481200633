# frozen_string_literal: true

require_relative 'helper'
require_relative 'running_server'

# What a function and its clients may take from the server's processes.
class RunningProcessesTest < Minitest::Test
  FORKS = <<~RUBY
    def handler(event, _)
      case event[:extensions].request.path
      when '/falls-through' then (pid = fork) ? waited(pid) : 'of the child'
      when '/raises' then (pid = fork) ? waited(pid) : raise('of the child')
      when '/exits' then (pid = fork) ? waited(pid) : exit(7)
      when '/terminated'
        pid = fork { sleep }
        Process.kill('TERM', pid)
        waited(pid)
      end
    end

    def waited(pid)
      Process.wait(pid)
      "of the parent: \#{$?.exitstatus.inspect} \#{$?.termsig.inspect}"
    end
  RUBY

  def test_a_fork_does_not_serve
    RunningServer.run(FORKS) do |server|
      { '/falls-through' => '0 nil', '/raises' => '1 nil', '/exits' => '7 nil', '/terminated' => 'nil 15' }
        .each do |path, status|
        assert_match(/\r\n\r\nof the parent: #{status}\z/, server.get(path), path)
      end
      assert_equal [4, 0], [server.metric('function_calls_total'), server.metric('function_failures_total')]
      assert_includes server.err, 'of the child (RuntimeError)'
      refute_includes server.err, 'takes its place'
    end
  end

  def test_a_fork_while_loading_does_not_serve
    source = "fork\nfork\ndef handler(_, _) = Process.pid.to_s"
    RunningServer.run(source) do |server|
      answers = Array.new(20) { server.get('/')[/\d+\z/] }

      assert_equal 1, answers.uniq.size
    end
  end

  FORM = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncontent\r\n--b--\r\n"
  UPLOAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" \
           "Content-Length: #{FORM.bytesize}\r\n\r\n#{FORM}".freeze

  def test_uploads_do_not_outlive_their_worker
    source = <<~RUBY
      def handler(event, _)
        puts event[:extensions].request.params['file'][:tempfile].path
        exit! 3
      end
    RUBY
    RunningServer.run(source) do |server|
      assert_match(/\AHTTP.1.1 500 /, server.request(UPLOAD))
      path = server.out.lines.first.chomp

      assert_includes path, 'RackMultipart'
      server.wait_for('the end of the file') { !File.exist?(path) }
    end
  end

  def test_more_connections_than_open_files
    RunningServer.run("def handler(_, _) = 'served'", rlimit_nofile: 64) do |server|
      idle = Array.new(100) { server.connect }

      assert_match(/served\z/, server.get('/'))
      idle.each(&:close)
      kept = Array.new(48) { server.connect.tap { |socket| call(socket) } }
      waiting = Thread.new { server.get('/') }
      kept.each(&:close)

      assert_match(/served\z/, waiting.value)
      assert_equal '', server.err
    end
  end

  def call(socket)
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert_match(/served\z/, socket.readpartial(1024))
  end

  def test_parts_of_lines_and_access_lines_do_not_touch
    source = <<~RUBY
      def handler(_, _)
        $stdout.print 'a part'
        $stderr << 'a part'
        raise 'no'
      end
    RUBY
    RunningServer.run(source) do |server|
      2.times do |index|
        server.get('/')
        server.wait_for('the access line') { server.out.lines.size == (index + 1) * 2 }
      end

      lines = server.out.lines(chomp: true).map { |line| line[/\Aa part\z|\A[\d.]+ /] }
      assert_equal ['a part', '127.0.0.1 '] * 2, lines
      assert_equal 2, server.err.scan(/^a part$/).size
    end
  end
end
