# frozen_string_literal: true

require 'English'
require_relative 'compiled_code'
require_relative 'forks'
require_relative 'function'
require_relative 'inbox'
require_relative 'journal'
require_relative 'termination_log'

module RuntimeKit
  # A process that has the function and serves connections with it.
  class Worker
    # The exit code that tells the supervisor that the function is at fault, and that it was said.
    LOAD_FAILED = 78

    # Of all threads, which inherit it: how long the others wait for a call that computes. Ruby 3.3 lets a
    # thread of this priority run for 0.02 s at a time, instead of 0.1 s; for Ruby 3.1 it is 0.1 s in any case.
    PRIORITY = -3

    # Loads what all workers need, before the first is forked: they share that memory.
    def self.preload
      require_relative 'application'
      require_relative 'web_server'
      CompiledCode.forget
      GC.start
    end

    # @param configuration [Configuration]
    # @param board [Board]
    # @param slot [Integer]
    # @param channel [UNIXSocket] to the supervisor
    def initialize(configuration, board, slot, channel)
      @configuration = configuration
      @board = board
      @slot = slot
      @inbox = Inbox.new(channel)
      @journal = Journal.new(board, slot, configuration, @inbox.method(:report_stuck))
    end

    # Serves until a signal, then ends the process.
    def run
      Thread.current.priority = PRIORITY
      set_traps
      Forks.watch
      at_exit { fall($ERROR_INFO) if @serving&.alive? } # the first, so that it runs last
      server = build_server(Function.load(@configuration))
      @journal.start
      @serving = server.run
      Forks.on_term { Thread.new { stop(server) } }
      @board.ready(@slot, true)
      @inbox.report_ready
      @serving.join
      @journal.flush
      exit
    rescue Function::LoadError, Configuration::Invalid => e
      refuse(e)
    end

    private

    def set_traps
      trap('TERM') { exit!(0) } # nothing to finish yet
      trap('CHLD', 'DEFAULT')
      trap('INT', 'IGNORE') # a terminal sends it to all; ours is the supervisor's word
    end

    def stop(server)
      RequestLimits.giving_back = true
      server.stop
    end

    # The main thread was ended from elsewhere: by `exit` in a thread of the function. No other thread is to
    # unwind; the supervisor answers and accounts for all calls.
    def fall(error)
      exit!(error.status) if error.is_a?(SystemExit)
      @journal.report(error) if error
      exit!(1)
    end

    def build_server(function)
      app = FunctionApp.serve(function, @configuration.context)
      application = Application.new(app, @board, @journal, @configuration)
      WebServer.build(application, @inbox, @configuration, @journal.method(:report))
    end

    def refuse(error)
      text = error.is_a?(Configuration::Invalid) ? "runtime-kit: #{error.message}" : error.message
      warn text
      TerminationLog.new(ENV).write(text)
      exit!(LOAD_FAILED)
    end
  end
end
