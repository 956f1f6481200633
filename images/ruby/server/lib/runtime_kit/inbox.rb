# frozen_string_literal: true

require 'socket'
require_relative 'connection'
require_relative 'worker_handle'

module RuntimeKit
  # Where a worker's connections come from. To Puma this is a listening socket, and the binder that
  # owns it.
  class Inbox
    # @param channel [UNIXSocket] to the supervisor
    def initialize(channel)
      @channel = channel
    end

    # Says that the function is loaded.
    def report_ready
      @channel.send(WorkerHandle::READY, 0)
    end

    # Says that something runs in this process which cannot be stopped.
    def report_stuck
      @channel.send(WorkerHandle::STUCK, 0)
    rescue SystemCallError
      nil # the supervisor is gone
    end

    # -- what Puma asks of a binder

    def ios
      [self]
    end

    # The server's part of each request's environment.
    # @param binder [Puma::Binder] has the environment ready
    def borrow_env(binder)
      @env = binder.env(nil)
      self
    end

    def env(_socket)
      @env
    end

    def close; end

    # -- what Puma asks of a listening socket

    def to_io
      @channel
    end

    # @return [Connection]
    # @raise [IO::WaitReadable] there is none now
    def accept_nonblock
      message, _, _, *rights = @channel.recvmsg_nonblock(scm_rights: true)
      # An empty message is the end of the channel: the supervisor is gone, and with it our reason.
      exit!(1) if message.nil? || message.empty?
      received = rights.first&.unix_rights&.first or lose(message.unpack1('xQ'))
      received.autoclose = false
      Connection.for_fd(received.fileno).track(self)
    end

    # -- what a connection says at its end

    def report_closed(id)
      report(WorkerHandle::CLOSED, id)
    end

    def report_returned(id)
      report(WorkerHandle::RETURNED, id)
    end

    private

    # The function has left this process no descriptor for the connection.
    # @raise [IO::WaitReadable]
    def lose(id)
      report_closed(id)
      raise IO::EAGAINWaitReadable
    end

    def report(word, id)
      @channel.send([word, id].pack('aQ'), 0)
    rescue SystemCallError
      nil # the supervisor is gone
    end
  end
end
