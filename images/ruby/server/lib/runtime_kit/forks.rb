# frozen_string_literal: true

require_relative 'error_text'
require_relative 'output'

module RuntimeKit
  # Processes that a function forks. They have copies of the worker's connections and signal handlers, but
  # only the worker serves: a child runs the function's code and ends where that would return to us.
  module Forks
    @child = false

    # Ruby calls this for every way to fork, not for one that starts another program.
    module Notice
      def _fork
        super.tap { |pid| Forks.begin_child if pid.zero? }
      end
    end

    # From now on, in this process.
    def self.watch
      Process.singleton_class.prepend(Notice)
    end

    # Handles SIGTERM in this process alone: a child may get one before its own handlers are in place.
    def self.on_term(&handler)
      worker = Process.pid
      trap('TERM') do
        next handler.call if Process.pid == worker

        trap('TERM', 'SYSTEM_DEFAULT')
        Process.kill('TERM', Process.pid)
      end
    end

    # A signal to the child is not for the worker.
    def self.begin_child
      @child = true
      %w[TERM INT].each { |signal| trap(signal, 'DEFAULT') }
    end

    # @return [Boolean]
    def self.child?
      @child
    end

    # To be called where the function's code ends in a child. Without unwinding: what is below on the stack
    # would answer the worker's request.
    # @param error [Exception, nil] what ended it
    def self.end_child(error)
      exit!(error.status) if error.is_a?(SystemExit)
      die_of(error.signo) if error.is_a?(SignalException)
      Output.error("#{ErrorText.of(error)}\n") if error
      exit!(error ? 1 : 0)
    end

    # Ends the child as the signal would have, had Ruby not made an exception of it: a parent that waits sees
    # the signal.
    def self.die_of(signal)
      trap(signal, 'SYSTEM_DEFAULT')
      Process.kill(signal, Process.pid)
    ensure
      exit!(1)
    end
    private_class_method :die_of
  end
end
