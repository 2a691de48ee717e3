namespace Delivery.Mta.Smtp;

/// <summary>
/// The transactions in flight on one connection, in their order, and how far each is on its way to the socket.
/// Holds at most a number of them and of octets; a message that is larger than the window flies alone. One side
/// admits and removes, the other writes: thread-safe between the two.
/// </summary>
internal sealed class ChunkWindow(int maxFlights, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly ChunkFlight[] _flights = new ChunkFlight[maxFlights];

    // Counted from the connection's first transaction: removed ≤ handed ≤ begun ≤ written ≤ admitted.
    private long _removed;
    private long _handed;
    private long _begun;
    private long _written;
    private long _admitted;
    private long _bytes;
    private bool _isWriting;
    private bool _isBroken;
    private TaskCompletionSource? _headHanded;

    /// <summary>Nothing is in flight. For the side that admits.</summary>
    public bool IsEmpty => _admitted == _removed;

    /// <summary>There is room for a transaction, if not for its octets. For the side that admits.</summary>
    public bool HasPlace => _admitted - _removed < maxFlights;

    /// <summary>The transaction whose replies come next. For the side that admits.</summary>
    public ChunkFlight Head => _flights[_removed % maxFlights];

    /// <summary>False when its octets do not fit, or nothing is written any longer. <paramref name="startWriting"/>: nobody writes, and somebody must.</summary>
    public bool TryAdmit(in ChunkFlight flight, out bool startWriting)
    {
        lock (_gate)
        {
            startWriting = false;
            if (_isBroken || !HasPlace || (!IsEmpty && _bytes + flight.Body.Length > maxBytes)) return false;
            _flights[_admitted++ % maxFlights] = flight;
            _bytes += flight.Body.Length;
            startWriting = !_isWriting;
            _isWriting = true;
            return true;
        }
    }

    /// <summary>The next transaction to write. Where there is none, a writer that <paramref name="mayRest"/> is done until it is started again.</summary>
    public bool TryWrite(bool mayRest, out ChunkFlight flight)
    {
        lock (_gate)
        {
            flight = default;
            if (_written == _admitted)
            {
                if (mayRest) _isWriting = false;
                return false;
            }
            flight = _flights[_written++ % maxFlights];
            return true;
        }
    }

    /// <summary>What was written so far is about to be given to the socket. <paramref name="whole"/>: with the last octet of the last transaction.</summary>
    public void Hand(bool whole)
    {
        lock (_gate)
        {
            _begun = _written;
            _handed = whole ? _written : _written - 1;
            if (_handed > _removed) SignalHanded();
        }
    }

    /// <summary>Nothing more will be written.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _isBroken = true;
            SignalHanded();
        }
    }

    /// <summary>How far the head was given to the socket: <see cref="SmtpStage.None"/> of it, a part (<see cref="SmtpStage.Body"/>), or all (<see cref="SmtpStage.Final"/>).</summary>
    public SmtpStage Stage()
    {
        lock (_gate) return _removed < _handed ? SmtpStage.Final : _removed < _begun ? SmtpStage.Body : SmtpStage.None;
    }

    /// <summary>Completes when the writer no longer reads the head's message, the last of which the socket may still be taking.</summary>
    public Task HeadHandedAsync()
    {
        lock (_gate)
        {
            if (_handed > _removed || _isBroken) return Task.CompletedTask;
            _headHanded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _headHanded.Task;
        }
    }

    /// <summary>The head is answered.</summary>
    public void RemoveHead()
    {
        lock (_gate)
        {
            ref var head = ref _flights[_removed++ % maxFlights];
            _bytes -= head.Body.Length;
            head = default;
        }
    }

    private void SignalHanded()
    {
        _headHanded?.SetResult();
        _headHanded = null;
    }
}
