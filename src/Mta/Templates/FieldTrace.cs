namespace Delivery.Mta.Templates;

/// <summary>
/// Collects the paths that a render writes or runs through and the data does not have. What a template asks about
/// first (<c>if</c>, <c>default</c>, an <c>else</c>) is not among them. Each path counts once a field.
/// </summary>
internal sealed class FieldTrace
{
    private const int MaxFields = 200;
    private readonly HashSet<(string, string)> _seen = [];
    private readonly List<MissingField> _missing = [];
    private string _field = "";
    private int _offset;

    public IReadOnlyList<MissingField> Missing => _missing;

    public void Clear()
    {
        _seen.Clear();
        _missing.Clear();
    }

    /// <summary>What comes belongs to this field of the content.</summary>
    public void Begin(string field) => _field = field;

    public void Output(Expression expression, RenderState state, int offset)
    {
        _offset = offset;
        expression.TraceMissing(state, this);
    }

    /// <summary>A block that has nothing for the case that its data lacks. Its data may be empty.</summary>
    public void Block(Expression expression, RenderState state, int offset)
    {
        expression.Evaluate(state, out var value);
        if (value.Kind <= ValueKind.Null)
            Output(expression, state, offset);
    }

    public void Add(string path, bool isEmpty)
    {
        if (_missing.Count < MaxFields && _seen.Add((_field, path)))
            _missing.Add(new MissingField(_field, path, isEmpty, _offset));
    }
}

/// <param name="Field">Path of the template's field, such as <c>content.html</c>.</param>
/// <param name="Path">As the template has it.</param>
/// <param name="IsEmpty">The data has it, as an empty string.</param>
/// <param name="Offset">Where in the template's source it is used.</param>
internal readonly record struct MissingField(string Field, string Path, bool IsEmpty, int Offset);
