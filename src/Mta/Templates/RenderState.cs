using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>
/// All that a render needs and changes; one worker owns it and uses it for one render after the other.
/// A step or a write that returns false has set <see cref="Failure"/>, and the render ends there.
/// </summary>
internal sealed class RenderState
{
    // Every block that opens a context or a loop is one level of nesting, so these can never run over.
    private readonly TemplateValue[] _contexts = new TemplateValue[TemplateLimits.MaxDepth + 2];
    private readonly LoopFrame[] _loops = new LoopFrame[TemplateLimits.MaxDepth + 2];
    private int _depth;
    private int _loopDepth;
    private int _steps;
    private int _outputLimit;

    public RenderState(ByteBuffer output, TemplateScope scope)
    {
        Output = output;
        Scope = scope;
    }

    public ByteBuffer Output { get; }

    public TemplateScope Scope { get; }

    public ByteArena Arena { get; } = new();

    public RenderFailure Failure { get; private set; }

    /// <summary>Offset in the source of the innermost node that could not be rendered; -1 where none is known.</summary>
    public int FailedAt { get; private set; }

    /// <summary>Told what the template asks the data for in vain; null while sending.</summary>
    public FieldTrace? Trace { get; set; }

    /// <summary>While set, values are written as they are: what is rendered is a URL and no HTML.</summary>
    public bool SuppressEscape { get; set; }

    /// <summary>Whom the nodes that came in through a splice work for.</summary>
    public object? Host { get; set; }

    public ref LoopFrame Loop => ref _loops[_loopDepth - 1];

    /// <summary>Begins a render that appends to <see cref="Output"/>; values of the one before are void.</summary>
    public void Begin()
    {
        Arena.Reset();
        _contexts[0] = TemplateValue.Root;
        _depth = 0;
        _loopDepth = 0;
        _steps = 0;
        _outputLimit = Output.Length + TemplateLimits.MaxOutputBytes;
        Failure = RenderFailure.None;
        FailedAt = -1;
        SuppressEscape = false;
    }

    public void FailAt(int offset)
    {
        if (FailedAt < 0)
            FailedAt = offset;
    }

    public bool Step(int weight = 1)
    {
        _steps += weight;
        if (_steps <= TemplateLimits.MaxSteps)
            return true;
        Failure = RenderFailure.TooManySteps;
        return false;
    }

    /// <summary>No step is left: what is still to be evaluated is not worth it, for the render ends at the next step.</summary>
    public bool IsExhausted => _steps > TemplateLimits.MaxSteps;

    /// <summary>Accounts for reading <paramref name="bytes"/> bytes in a helper.</summary>
    public void Charge(int bytes) => _steps = Math.Min(_steps + (bytes >> 5), int.MaxValue / 2);

    public bool CheckOutput()
    {
        if (Output.Length <= _outputLimit)
            return true;
        Failure = RenderFailure.OutputTooLarge;
        return false;
    }

    public void PushContext(in TemplateValue value) => _contexts[++_depth] = value;

    public void PopContext() => _contexts[_depth--] = default;

    public void PushLoop() => _loops[_loopDepth++] = default;

    public void PopLoop() => _loopDepth--;

    /// <summary>The context <paramref name="up"/> levels above the innermost; missing above the root.</summary>
    public TemplateValue Context(int up) => up <= _depth ? _contexts[_depth - up] : TemplateValue.Missing;

    public bool TryLoop(int up, out LoopFrame frame)
    {
        var found = up < _loopDepth;
        frame = found ? _loops[_loopDepth - 1 - up] : default;
        return found;
    }

    public TemplateValue Lookup(in TemplateValue from, PathSegment segment)
    {
        switch (from.Kind)
        {
            case ValueKind.Object:
                return Property(from.Json, segment);
            case ValueKind.Array:
                return Element(from.Json, segment);
            case ValueKind.Root:
                return FromRoot(segment);
            case ValueKind.Address:
                return FromAddress(segment);
            case ValueKind.Metadata:
                var own = Property(Scope.RecipientMetadata, segment);
                return own.Kind != ValueKind.Missing ? own : Property(Scope.JobMetadata, segment);
            default:
                return TemplateValue.Missing;
        }
    }

    public TemplateValue OfInteger(int value)
    {
        var room = Arena.Rent(11);
        value.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        return Arena.CommitNumber(length, value);
    }

    /// <summary>The characters of a string, the digits of a number, the name of a boolean; else nothing.</summary>
    public ReadOnlySpan<byte> Utf8(in TemplateValue value) => value.Kind switch
    {
        ValueKind.True => "true"u8,
        ValueKind.False => "false"u8,
        ValueKind.String when value.Bytes is null => JsonText.Read(value.Json, Arena),
        ValueKind.Number when value.Bytes is null => ValueNumbers.Digits(value.Json, Arena),
        ValueKind.String or ValueKind.Number => value.Bytes.AsSpan(value.Offset, value.Length),
        _ => default,
    };

    private TemplateValue FromRoot(PathSegment segment) => segment.BuiltIn switch
    {
        BuiltIn.Address => TemplateValue.Address,
        BuiltIn.Metadata => TemplateValue.Metadata,
        BuiltIn.RecipientId => Of(Scope.RecipientId),
        BuiltIn.UnsubscribeUrl => Of(Scope.UnsubscribeUrl),
        _ => FromData(segment),
    };

    private TemplateValue FromData(PathSegment segment)
    {
        var own = Property(Scope.RecipientData, segment);
        return own.Kind != ValueKind.Missing ? own : Property(Scope.JobData, segment);
    }

    private TemplateValue FromAddress(PathSegment segment)
    {
        if (segment.BuiltIn == BuiltIn.Email)
            return Of(Scope.Email);
        if (segment.BuiltIn == BuiltIn.Name)
            return Of(Scope.Name);
        var data = FromData(AddressSegment);
        return data.Kind == ValueKind.Object ? Property(data.Json, segment) : TemplateValue.Missing;
    }

    private static readonly PathSegment AddressSegment = new("address");

    private static TemplateValue Of(ByteBuffer text)
    {
        MemoryMarshal.TryGetArray(text.WrittenMemory, out var bytes);
        return TemplateValue.OfString(bytes.Array!, 0, bytes.Count);
    }

    private TemplateValue Property(JsonElement from, PathSegment segment)
    {
        if (from.ValueKind != JsonValueKind.Object)
            return TemplateValue.Missing;
        Charge(from.GetPropertyCount() << 1);
        return from.TryGetProperty(segment.Name, out var value) ? TemplateValue.OfJson(value) : TemplateValue.Missing;
    }

    private TemplateValue Element(JsonElement from, PathSegment segment)
    {
        var length = from.GetArrayLength();
        if (segment.BuiltIn == BuiltIn.Length)
            return OfInteger(length);
        if ((uint)segment.Index >= (uint)length)
            return TemplateValue.Missing;
        Charge(length << 1);
        return TemplateValue.OfJson(from[segment.Index]);
    }
}
