# frozen_string_literal: true

require 'puma'
require 'puma/server'

module RuntimeKit
  # Replaces a thread of Puma's pool at once when a deadline has killed it.
  #
  # Puma itself looks for dead threads once a second (version 5: only where told to) and wakes nobody
  # when it finds some: connections that wait for a free thread would wait for ever.
  #
  # It also counts a connection that a thread is just about to take as one and a thread as another, and
  # does not look again before a thread is free: the last thread that it could start is not started.
  module ThreadReplacement
    def self.install
      Puma::ThreadPool.prepend(self)
    end

    def initialize(*arguments, &work)
      super(*arguments) do |*job|
        @not_full.signal
        outlive { work.call(*job) }
      end
    end

    private

    # Only a thread that is killed leaves the block without a value and without an error.
    def outlive
      value = yield
      ended = true
      value
    rescue Exception # rubocop:disable Lint/RescueException
      ended = true
      raise
    ensure
      replace_current unless ended
    end

    def replace_current
      with_mutex do
        next if @shutdown

        @workers.delete(Thread.current)
        @spawned -= 1
        # A new thread joins the group of its maker, and this one's is that of a call.
        ThreadGroup::Default.add(Thread.current)
        spawn_missing
        @not_full.signal
      end
    end

    def spawn_missing
      spawn_thread if @spawned < @min || @waiting < @todo.size
    rescue ThreadError # the process ends, or may have no more threads
      @spawned -= 1
    end
  end
end
