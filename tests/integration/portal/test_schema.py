"""The chain of migrations makes just what the models say, and can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from foundation.db import Database
from portal import schema
from portal.tables import metadata


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_every_constraint_of_the_models_is_in_the_database(database: Database) -> None:
    found = inspect(database.engine)
    for table in metadata.sorted_tables:
        checks = {check["name"] for check in found.get_check_constraints(table.name)}
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        uniques = {unique["name"] for unique in found.get_unique_constraints(table.name)}
        wanted = {str(constraint.name) for constraint in table.constraints if constraint.name}
        keys = {str(key.name) for key in table.foreign_key_constraints} | {str(table.primary_key.name)}
        assert wanted - keys <= checks | uniques | indexes, table.name
        assert {str(index.name) for index in table.indexes} <= indexes, table.name


def test_the_chain_can_be_taken_back_and_run_again(database: Database) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        command.downgrade(schema.configuration(connection), "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    schema.migrate(database.url)
    schema.migrate(database.url)
    assert set(metadata.tables) <= set(inspect(database.engine).get_table_names())
