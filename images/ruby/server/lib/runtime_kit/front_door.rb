# frozen_string_literal: true

require 'socket'
require_relative 'http_text'
require_relative 'metrics_page'

module RuntimeKit
  # The listening socket and the connections that no worker has yet.
  #
  # The door looks at the first bytes of a connection without taking them. /healthz and /metrics it
  # answers itself, so that no function, however busy, can starve a probe; all else goes to a worker
  # as it is.
  class FrontDoor
    BACKLOG = 1024
    # Seconds a client has for the first bytes.
    PATIENCE = 10
    # The same where there is no room for others.
    HURRY = 1
    # Seconds between two looks at a connection whose first bytes are not enough to decide, and between two
    # attempts to accept where the machine has no descriptor left.
    SECOND_LOOK = 0.02
    # The part of the open files that may be connections. Each is open in its worker, too, and the function
    # needs some.
    SHARE = 0.75
    HEAD_LIMIT = 16 * 1024

    PROBES = %w[GET HEAD].product(%w[/healthz /metrics]).map { |words| words.join(' ') }.freeze
    HEAD_END = "\r\n\r\n"
    HOST = /^host:/i

    Caller = Struct.new(:socket, :since)

    def initialize(port, board)
      @board = board
      @server = listen(port)
      @silent = {} # socket => since: nothing to read yet
      @undecided = [] # callers that wait for more bytes or for a worker
      @room = (Process.getrlimit(Process::RLIMIT_NOFILE).first * SHARE).to_i
      @full = @short = false
    end

    # @return [Array<IO>] what to wait for; without room, clients wait in the queue of the kernel
    def ios
      @server && !@full && !@short ? [@server, *@silent.keys] : @silent.keys
    end

    # @return [Float, nil] seconds until #tend must be called though nothing is readable
    def patience(now)
      return SECOND_LOOK if @short || @undecided.any?

      since = @silent.each_value.first
      since && [since + (@full ? HURRY : PATIENCE) - now, 0].max
    end

    # Takes what is new.
    # @param readable [Array<IO>]
    # @param elsewhere [Integer] how many connections the workers have
    # @yieldparam socket [TCPSocket] a connection for a worker
    # @yieldreturn [Boolean] false where no worker could take it now
    def tend(readable, now, elsewhere, &)
      accept(now, elsewhere) if @server && (@short || readable.include?(@server))
      ready = readable.filter_map { |io| (since = @silent.delete(io)) && Caller.new(io, since) }
      callers = @undecided.concat(ready)
      @undecided = []
      callers.each { |caller| look(caller, now, &) }
      turn_away(now, full?(elsewhere) ? HURRY : PATIENCE)
      @full = full?(elsewhere)
    end

    # Takes a connection back from a worker that ended before it read a request from it.
    def take_back(socket, now)
      @server ? @undecided << Caller.new(socket, now) : socket.close
    end

    # Accepts no more. What came before and has asked something is still served.
    # @yield as in #tend
    def close(now, elsewhere, &)
      tend([@server, *@silent.keys.select { |io| io.wait_readable(0) }], now, elsewhere, &) if @server
      abandon
    end

    # Closes everything here, in a child that has no use for it too.
    def abandon
      @server&.close
      @server = nil
      @silent.each_key(&:close)
      @undecided.each { |caller| caller.socket.close }
      @silent.clear
      @undecided.clear
    end

    private

    def listen(port)
      server = begin
        TCPServer.new('::', port)
      rescue Errno::EAFNOSUPPORT, Errno::EADDRNOTAVAIL
        TCPServer.new('0.0.0.0', port) # a kernel without IPv6
      end
      server.listen(BACKLOG)
      server.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1) # accepted sockets inherit it
      server
    rescue SystemCallError => e
      raise Configuration::Invalid, "FUNC_PORT is \"#{port}\": it cannot be listened on " \
                                    "(#{e.message}): set it to a free port the user may open"
    end

    def full?(elsewhere)
      @silent.size + @undecided.size + elsewhere >= @room
    end

    def accept(now, elsewhere)
      @short = false
      @silent[@server.accept_nonblock] = now until full?(elsewhere)
    rescue IO::WaitReadable, Errno::ECONNABORTED
      nil
    rescue Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM
      @short = true
    end

    def look(caller, now, &route)
      bytes = caller.socket.recv_nonblock(HEAD_LIMIT, Socket::MSG_PEEK)
      return caller.socket.close if bytes.nil? || bytes.empty?

      case kind(bytes)
      when :probe then answer(caller.socket, bytes)
      when :call then @undecided << caller unless route.call(caller.socket)
      else @undecided << caller
      end
    rescue IO::WaitReadable
      @silent[caller.socket] = now
    rescue SystemCallError, IOError
      caller.socket.close
    end

    # @return [Symbol] :probe, :call, or :unknown while there is too little to tell
    def kind(bytes)
      probe = PROBES.find { |start| start.start_with?(bytes) || bytes.start_with?(start) }
      return :call unless probe
      return :unknown if bytes.bytesize <= probe.bytesize
      return :call unless [' ', '?'].include?(bytes[probe.bytesize])

      end_of_head = bytes.index(HEAD_END)
      return :unknown unless end_of_head

      one_host?(bytes[0, end_of_head]) ? :probe : :call # a worker refuses it
    end

    def one_host?(head)
      hosts = head.scan(HOST).size
      hosts == 1 || (hosts.zero? && head[/.*/].include?('HTTP/1.0'))
    end

    def answer(socket, bytes)
      socket.read_nonblock(HEAD_LIMIT)
      method, path = bytes.split(/[ ?]/, 3)
      status, body = path == '/metrics' ? [200, MetricsPage.new(@board).to_s] : HttpText.health(@board)
      type = path == '/metrics' ? { 'content-type' => MetricsPage::CONTENT_TYPE } : {}
      socket.write_nonblock(HttpText.answer(status, body, type, head: method == 'HEAD'))
      socket.shutdown(Socket::SHUT_WR)
    ensure
      socket.close
    end

    def turn_away(now, patience)
      late = @silent.take_while { |_, since| since + patience <= now }.map(&:first)
      late.each { |socket| @silent.delete(socket) && socket.close }
      @undecided.reject! { |caller| caller.since + PATIENCE <= now && caller.socket.close.nil? }
    end
  end
end
