# frozen_string_literal: true

require 'socket'
require 'tmpdir'

# The server as a process of its own, with a function of the test's.
class RunningServer
  MAIN = File.expand_path('../server/main.rb', __dir__)
  # Far more than anything here takes, on a machine that is busy with other things, too.
  PATIENCE = 20

  attr_reader :port

  # Starts one, yields it, and ends it.
  # @param source [String] the function's file, with a method `handler`
  # @param variables [Hash{String => String}] environment
  # @param options [Hash] of Process.spawn
  def self.run(source, variables = {}, **options)
    Dir.mktmpdir do |folder|
      server = new(folder, source, variables, options)
      yield server
    ensure
      server&.stop
    end
  end

  def initialize(folder, source, variables, options)
    File.write("#{folder}/function.rb", source)
    @port = TCPServer.open('127.0.0.1', 0) { |server| server.addr[1] }
    @out, @err = %w[out err].map { |name| "#{folder}/#{name}" }
    environment = { 'MOD_ROOT_PATH' => folder, 'MOD_NAME' => 'function', 'FUNC_HANDLER' => 'handler',
                    'FUNC_PORT' => @port.to_s, 'FUNC_WORKERS' => '1', 'FUNC_TIMEOUT' => '10', **variables }
    @pid = Process.spawn(environment, RbConfig.ruby, MAIN, out: @out, err: @err, pgroup: true, **options)
    wait_for('the server to be ready') { get('/healthz').start_with?('HTTP/1.1 200') }
  end

  def stop
    Process.kill('KILL', -@pid) # the group: with its workers, and what a function started
    Process.wait(@pid)
  end

  # @return [String] the whole answer; what came until then where the server closes the connection
  def get(path)
    request("GET #{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
  end

  # @param text [String] after whose answer the connection is to be closed
  def request(text)
    connect { |socket| socket.write(text) && read(socket) }
  rescue SystemCallError => e
    e.class.name
  end

  def connect(&)
    TCPSocket.open('127.0.0.1', @port, &)
  end

  def read(socket)
    answer = +''
    loop do
      raise "no end after #{answer.inspect}" unless socket.wait_readable(PATIENCE)

      answer << socket.readpartial(65_536)
    end
  rescue EOFError
    answer
  end

  def out
    File.read(@out)
  end

  def err
    File.read(@err)
  end

  # @return [Integer] of a counter, 0 where nothing was counted
  def metric(name)
    get('/metrics')[/^#{name}(?:\{.*\})? (\S+)$/, 1].to_i
  end

  def wait_for(what)
    give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + PATIENCE
    until yield
      raise "waited in vain for #{what}:\n#{out}\n#{err}" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > give_up

      sleep 0.02
    end
  end
end
