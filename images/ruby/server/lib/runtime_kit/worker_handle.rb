# frozen_string_literal: true

require 'socket'

module RuntimeKit
  # A worker as the supervisor sees it.
  class WorkerHandle
    # One letter messages of a worker; the last two are followed by the connection's id.
    READY = 'r'
    STUCK = 's'
    CLOSED = 'c'
    RETURNED = 'b'
    # Ours, with the connection's id and its descriptor.
    GIVEN = 'g'
    MESSAGE_BYTES = 16

    REQUEST_START = %r{\A[A-Z]+ [/*h]}

    attr_reader :slot, :pid, :channel, :connections
    # When the worker must have ended, once it was told to (monotonic seconds), and when it was told.
    attr_accessor :kill_at, :told_at
    # The worker that takes this one's place.
    attr_accessor :successor

    def initialize(slot, pid, channel)
      @slot = slot
      @pid = pid
      @channel = channel
      @connections = {} # id => our own descriptor of a connection that the worker has
      @ready = false
      @stuck = false
    end

    def ready?
      @ready
    end

    # Has it said that something runs in it which cannot be stopped?
    def stuck?
      @stuck
    end

    # May it get new connections? Not while another one starts to take its place: it holds a call
    # that does not end, and perhaps nothing else runs in it any more.
    def open?
      @ready && !told_at && !successor
    end

    # Is its successor ready, and has it not been told so yet?
    def succeeded?
      !told_at && successor&.ready?
    end

    # Gives a connection to the worker. Ours stays open: where the worker cannot answer, we can.
    # @return [Boolean] false where the worker cannot take it now
    def give(socket)
      id = Connection.id(socket)
      @channel.sendmsg_nonblock([GIVEN, id].pack('aQ'), 0, nil, Socket::AncillaryData.unix_rights(socket))
      @connections[id] = socket
      true
    rescue IO::WaitWritable, Errno::ETOOMANYREFS, Errno::EPIPE, Errno::ECONNRESET
      false
    end

    # Reads what the worker says.
    # @yieldparam socket [TCPSocket] an idle connection that it gives back
    def listen(&)
      loop do
        message = @channel.recv_nonblock(MESSAGE_BYTES)
        break if message.nil? || message.empty?

        heed(message, &)
      end
    rescue IO::WaitReadable, SystemCallError
      nil
    end

    # Sends a last answer on a connection and ends it, whatever the worker does with it later.
    def answer(id, text)
      socket = @connections[id] or return
      socket.write_nonblock(text) if text
      socket.shutdown
    rescue SystemCallError, IOError
      nil
    end

    def signal(name)
      Process.kill(name, @pid)
    rescue Errno::ESRCH
      nil
    end

    # After the worker's death: connections whose next request nobody has begun to read. Where there
    # is nothing to read, a request may have died with the worker, and its client waits: not those.
    # @param busy [Array<Integer>] ids of connections that were in a call
    # @return [Array<TCPSocket>]
    def unread(busy)
      ids = @connections.keys - busy
      ids.select { |id| request_waits?(@connections[id]) }.map { |id| @connections.delete(id) }
    end

    # Closes our side of everything, after the worker's death or in another worker.
    def close
      @channel.close
      @connections.each_value(&:close)
      @connections.clear
    end

    private

    def request_waits?(socket)
      REQUEST_START.match?(socket.recv_nonblock(64, Socket::MSG_PEEK))
    rescue IO::WaitReadable, SystemCallError, IOError
      false
    end

    def heed(message)
      return @ready = true if message.start_with?(READY)
      return @stuck = true if message.start_with?(STUCK)

      socket = @connections.delete(message.unpack1('xQ')) or return
      message.start_with?(RETURNED) ? yield(socket) : socket.close
    end
  end
end
