# frozen_string_literal: true

require 'socket'

module RuntimeKit
  # A worker as the supervisor sees it.
  class WorkerHandle
    # One letter messages of a worker; CLOSED is followed by the connection's id.
    READY = 'r'
    CLOSED = 'c'
    MESSAGE_BYTES = 16

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
    end

    def ready?
      @ready
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
      @channel.sendmsg_nonblock('c', 0, nil, Socket::AncillaryData.unix_rights(socket))
      @connections[Connection.id(socket)] = socket
      true
    rescue IO::WaitWritable, Errno::ETOOMANYREFS, Errno::EPIPE, Errno::ECONNRESET
      false
    end

    # Reads what the worker says.
    def listen
      loop do
        message = @channel.recv_nonblock(MESSAGE_BYTES)
        break if message.nil? || message.empty?

        message.start_with?(READY) ? @ready = true : forget(message.unpack1('xQ'))
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

    # Closes our side of everything, after the worker's death or in another worker.
    def close
      @channel.close
      @connections.each_value(&:close)
      @connections.clear
    end

    private

    def forget(id)
      @connections.delete(id)&.close
    end
  end
end
