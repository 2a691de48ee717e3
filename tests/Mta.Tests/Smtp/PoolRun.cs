using System.Threading.Channels;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>A pool that runs until it is disposed, and what it logs.</summary>
    internal sealed class PoolRun : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public PoolRun(SmtpOptions options, params OutgoingMessage[] waiting)
        {
            foreach (var message in waiting)
                Assert.True(Channel.Writer.TryWrite(message));
            Pool = new SmtpPool(options, Channel.Reader, TimeProvider.System, Log);
            _running = Pool.RunAsync(_stop.Token);
        }

        public Channel<OutgoingMessage> Channel { get; } = System.Threading.Channels.Channel.CreateBounded<OutgoingMessage>(1000);

        public SmtpPool Pool { get; }

    public TextLog<SmtpPool> Log { get; } = new();

        public async Task<DeliveryAttempt> SendAsync(string to)
        {
            var message = new TestMessage(to);
            await Channel.Writer.WriteAsync(message);
            return Assert.Single(await SmtpRun.OutcomesAsync(message));
        }

        /// <summary>The stop is in effect when this returns its task: CancelAsync would tell the connections some time later.</summary>
        public async Task StopAsync()
        {
#pragma warning disable CA1849
            _stop.Cancel();
#pragma warning restore CA1849
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Pool.Dispose();
            _stop.Dispose();
        }
    }
