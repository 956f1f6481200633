# frozen_string_literal: true

require 'socket'

module RuntimeKit
  # A client's connection in a worker. The supervisor holds a descriptor of it too, so closing ours
  # would not tell the client: shut it down first, and say so.
  class Connection < TCPSocket
    LINGER = 1.0
    LINGER_BYTES = 64 * 1024

    # The socket's inode: the one name that both processes have for it.
    # @return [Integer]
    def self.id(socket)
      socket.stat.ino
    end

    attr_reader :id

    # @param inbox [Inbox] hears of the end
    def track(inbox)
      @id = self.class.id(self)
      @inbox = inbox
      self
    end

    # Gives an idle connection back to the supervisor: its client does not notice that this worker
    # ends.
    def give_back
      IO.instance_method(:close).bind_call(self)
      @inbox.report_returned(@id)
    end

    # Lets a client that still sends read our answer: closing with unread bytes would reset the
    # connection and could destroy the answer on its way. Reads and forgets for a moment.
    def linger
      close_write
      give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + LINGER
      while (left = give_up - Process.clock_gettime(Process::CLOCK_MONOTONIC)).positive?
        break unless wait_readable(left) && read_nonblock(LINGER_BYTES)
      end
    rescue SystemCallError, IOError
      nil # the client has gone
    end

    def close
      return if closed?

      begin
        shutdown
      rescue SystemCallError
        nil # the client was first
      end
      super
      @inbox.report_closed(@id)
    end
  end
end
