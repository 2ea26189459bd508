using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Storedb.TsqlLint;

/// <summary>
/// Finds what the grammar of 2008 lets pass because it looks like an ordinary call or name, and what SQL Server
/// 2008 R2 would then refuse when it runs: IIF(...) reads like any function.
/// </summary>
internal sealed class NewerNames : TSqlFragmentVisitor
{
    public List<(TSqlFragment At, string Message)> Found { get; } = [];

    private void Add(TSqlFragment at, string what) => Found.Add((at, $"{what} is not in SQL Server 2008 R2"));

    public override void Visit(FunctionCall node)
    {
        // With something before it, it is a method of xml (x.value()) or a function of one's own (dbo.f()).
        if (node.CallTarget is not null) return;
        var name = node.FunctionName.Value;
        if (!Known2008.Functions.Contains(name))
        {
            Add(node, $"the function {name.ToUpperInvariant()}");
            return;
        }
        if (name.Equals("HASHBYTES", StringComparison.OrdinalIgnoreCase)
            && node.Parameters.FirstOrDefault() is StringLiteral algorithm
            && algorithm.Value.StartsWith("SHA2_", StringComparison.OrdinalIgnoreCase))
            Add(algorithm, $"HASHBYTES with {algorithm.Value}");
        if (node.OverClause is { OrderByClause: not null } && !Known2008.RankingFunctions.Contains(name))
            Add(node, $"{name.ToUpperInvariant()}() OVER (ORDER BY ...)");
    }

    public override void Visit(OverClause node)
    {
        if (node.WindowFrameClause is not null) Add(node.WindowFrameClause, "a window frame (ROWS or RANGE)");
    }

    public override void Visit(SchemaObjectFunctionTableReference node)
    {
        var name = node.SchemaObject;
        if (name.SchemaIdentifier is null && !Known2008.TableFunctions.Contains(name.BaseIdentifier.Value))
            Add(node, $"the table function {name.BaseIdentifier.Value.ToUpperInvariant()}");
    }

    public override void Visit(SchemaObjectName node)
    {
        var name = node.BaseIdentifier?.Value ?? "";
        // Without a schema only procedures are found in sys; a table of one's own may well be called sequences.
        var isSystem = node.SchemaIdentifier?.Value.Equals("sys", StringComparison.OrdinalIgnoreCase)
            ?? name.StartsWith("sp_", StringComparison.OrdinalIgnoreCase);
        if (isSystem && Known2008.NewerSystemObjects.Contains(name)) Add(node, $"the system object {name}");
    }

    /// <summary>At the start of a batch the grammar of 2008 reads THROW as a call of a procedure of that name.</summary>
    public override void Visit(ExecutableProcedureReference node)
    {
        var name = node.ProcedureReference?.ProcedureReference?.Name;
        if (name is { Identifiers.Count: 1 } && name.BaseIdentifier.Value.Equals("THROW", StringComparison.OrdinalIgnoreCase))
            Add(node, "THROW");
    }
}
